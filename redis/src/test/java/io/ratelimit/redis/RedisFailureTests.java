package io.ratelimit.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimit.Decision;
import io.ratelimit.FailureMode;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.RateLimiter;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * While a server fails, every failure mode answers as it says, within the timeout at
 * first and at once after a few failures; when the server is back, it counts again.
 */
@Isolated
class RedisFailureTests {

	private static final Duration TIMEOUT = RedisRateLimitStore.DEFAULT_TIMEOUT;

	/** What a thread may wait for its turn on a machine that is busy. */
	private static final Duration SLACK = Duration.ofMillis(250);

	private static final Duration SOON = Duration.ofSeconds(5);

	private static final int PERMITS = 10;

	private static final Limit LIMIT = Limit.valueOf(PERMITS + "/1h");

	private static final int USED = 2;

	private static final List<FailureMode> MODES = List.of(FailureMode.values());

	private RedisServer server;

	private RedisClient client;

	private StatefulRedisConnection<String, String> connection;

	private RedisCommands<String, String> commands;

	@BeforeEach
	void start() {
		this.server = RedisServer.start();
		this.client = RedisClient.create(this.server.uri());
		this.connection = this.client.connect();
		this.commands = this.connection.sync();
	}

	@AfterEach
	void stop() {
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.server.close();
	}

	@Test
	void aServerThatIsKilled() {
		try (Application application = application()) {
			this.server.kill();
			assertFailing(application);
			assertThat(application.failures()).contains("there is no connection to Redis");
			assertThat(application.kinds()).contains(Kind.CONNECTION, Kind.NOT_ASKED)
				.doesNotContain(Kind.ERROR, Kind.OTHER);
		}
	}

	@Test
	void aServerThatIsKilledAndStartsAgain() {
		try (Application application = application()) {
			this.server.kill();
			assertFailing(application);
			this.server.restart();
			assertCountsAgain(application);
			assertThat(left(application)).isEqualTo(3 * PERMITS);
		}
	}

	@Test
	void aServerThatPausesItsClients() {
		try (Application application = application()) {
			this.commands.clientPause(1500);
			assertFailing(application);
			assertCountsAgain(application);
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatIsBusy() {
		try (Application application = application()) {
			RedisFuture<?> sleep = debug("SLEEP", "1.5");
			assertFailing(application);
			assertCountsAgain(application);
			assertThat(sleep.isDone()).isTrue();
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatAcceptsAndDoesNotAnswer() {
		try (Application application = application()) {
			this.server.freeze();
			assertFailing(application);
			assertThat(application.failures()).contains("Redis did not answer within 50 ms");
			assertThat(application.kinds()).containsOnly(Kind.TIMEOUT, Kind.NOT_ASKED);
			this.server.thaw();
			assertCountsAgain(application);
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatHasNoMemoryLeft() {
		try (Application application = application()) {
			RateLimiter limiter = application.limiter(FailureMode.DENY);
			assertThat(limiter.tryAcquire("full", PERMITS).allowed()).isTrue();
			this.commands.configSet("maxmemory-policy", "noeviction");
			this.commands.configSet("maxmemory", "1");
			// a refusal needs no memory
			assertThat(limiter.tryAcquire("full").counted()).isTrue();
			assertFailing(application);
			assertThat(application.failures()).anyMatch((failure) -> failure.contains("OOM"));
			this.commands.configSet("maxmemory", "0");
			assertCountsAgain(application);
			assertThat(left(application)).isEqualTo(3 * (PERMITS - USED));
		}
	}

	@Test
	void aServerThatBecomesAReadOnlyReplica() {
		try (RedisServer master = RedisServer.start(); Application application = application()) {
			this.commands.replicaof("127.0.0.1", master.port());
			assertFailing(application);
			assertThat(application.failures()).anyMatch((failure) -> failure.contains("READONLY"));
			this.commands.replicaofNoOne();
			assertCountsAgain(application);
		}
	}

	@Test
	void aReplicaThatBecomesTheMaster() {
		try (RedisServer replica = RedisServer.start(); RedisClient replicaClient = RedisClient.create(replica.uri())) {
			RedisCommands<String, String> replicaCommands = replicaClient.connect().sync();
			replicaCommands.replicaof("127.0.0.1", this.server.port());
			Wait.until("a replica", () -> replicaCommands.info("replication").contains("master_link_status:up"));
			try (Application before = application(); Application after = new Application(replica, LIMIT)) {
				Wait.until("the copies", () -> replicaCommands.dbsize().equals(this.commands.dbsize()));
				this.server.kill();
				assertFailing(before);
				replicaCommands.replicaofNoOne();
				replicaCommands.scriptFlush();
				assertThat(replicaCommands.scriptExists(Script.DECIDE.digest())).containsExactly(false);
				for (FailureMode mode : MODES) {
					assertThat(after.limiter(mode).tryAcquire("key").remaining()).isEqualTo(PERMITS - USED - 1);
				}
				assertThat(after.failures()).isEmpty();
			}
		}
	}

	@Test
	void aServerThatLoadsItsData() {
		try (Application application = application()) {
			for (int i = 0; i < 75; i++) {
				this.commands.set("data" + i, "x".repeat(2000));
			}
			this.commands.configSet("rdbcompression", "no");
			this.commands.configSet("loading-process-events-interval-bytes", "1024");
			this.commands.configSet("key-load-delay", "20000");
			RedisFuture<?> reload = debug("RELOAD");
			assertFailing(application);
			assertThat(application.failures()).anyMatch((failure) -> failure.contains("LOADING"));
			assertCountsAgain(application);
			assertThat(reload.isDone()).isTrue();
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatForgetsTheScript() {
		try (Application application = application()) {
			for (int i = 0; i < 5; i++) {
				this.commands.scriptFlush();
				assertThat(application.limiter(FailureMode.DENY).tryAcquire("another").remaining())
					.isEqualTo(PERMITS - 1 - i);
			}
			assertThat(application.failures()).isEmpty();
		}
	}

	@Test
	void aServerThatIsNotThereAtFirst() {
		this.server.kill();
		assertThatExceptionOfType(RedisException.class)
			.isThrownBy(() -> RedisRateLimitStore.builder(this.client).build());
	}

	@Test
	void aServerThatIsMuteAtFirst() throws IOException {
		try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				RedisClient impatient = RedisClient.create(RedisURI.builder()
					.withHost("127.0.0.1")
					.withPort(mute.getLocalPort())
					.withTimeout(Duration.ofMillis(300))
					.build())) {
			assertThatExceptionOfType(RedisException.class)
				.isThrownBy(() -> RedisRateLimitStore.builder(impatient).build());
		}
	}

	@Test
	void manyThreadsWaitForTheTimeoutAtMost() throws Exception {
		try (Application application = application()) {
			this.server.freeze();
			ExecutorService executor = Executors.newFixedThreadPool(32);
			try {
				List<Future<Long>> longest = new ArrayList<>();
				for (int i = 0; i < 32; i++) {
					longest.add(executor.submit(() -> IntStream.range(0, 100).mapToLong((call) -> {
						long begin = System.nanoTime();
						application.limiter(FailureMode.ALLOW).tryAcquire("key");
						return System.nanoTime() - begin;
					}).max().orElseThrow()));
				}
				for (Future<Long> nanos : longest) {
					assertThat(Duration.ofNanos(nanos.get())).isLessThan(TIMEOUT.plus(SLACK));
				}
			}
			finally {
				executor.shutdownNow();
			}
			assertThat(application.failures()).hasSize(3200);
		}
	}

	/**
	 * A client sends what was not answered once more when it has connected again.
	 */
	@Test
	void whatNobodyWaitsForIsNotChargedAfterAReconnection() {
		Limit large = Limit.valueOf("1000000/1h");
		try (Application application = new Application(this.server, large)) {
			RateLimiter limiter = application.store().limiter(Policy.of("direct", large));
			limiter.tryAcquire("key");
			this.server.freeze();
			List<CompletableFuture<Decision>> calls = IntStream.range(0, 2000)
				.mapToObj((i) -> limiter.tryAcquireAsync("key", 1).toCompletableFuture())
				.toList();
			Wait.until("the timeout", () -> calls.stream().allMatch(CompletableFuture::isDone));
			assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
			this.server.kill();
			this.server.restart();
			application.awaitCounting();
			assertThat(limiter.tryAcquire("key").remaining()).isEqualTo(large.permits() - 1);
		}
	}

	@Test
	void whatIsAskedWithoutConnectionIsNotChargedLater() {
		Limit large = Limit.valueOf("1000000/1h");
		try (Application application = new Application(this.server, large)) {
			this.server.kill();
			for (int i = 0; i < 5000; i++) {
				application.limiter(FailureMode.ALLOW).tryAcquire("key");
			}
			this.server.restart();
			application.awaitCounting();
			assertThat(application.limiter(FailureMode.ALLOW).tryAcquire("key").remaining())
				.isEqualTo(large.permits() - 1);
		}
	}

	@Test
	void aStoreThatIsClosedFailsAsAnyOther() {
		Application application = application();
		RateLimiter limiter = application.store().limiter(Policy.of("direct", LIMIT));
		application.close();
		assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("key"));
		assertThat(limiter.tryAcquireAsync("key", 1).toCompletableFuture()).failsWithin(TIMEOUT.plus(SLACK))
			.withThrowableThat()
			.withCauseInstanceOf(RateLimitStoreException.class);
	}

	@Test
	void thoseWhoWaitWhenAStoreIsClosedFailAsAnyOther() throws Exception {
		RedisRateLimitStore store = RedisRateLimitStore.builder(this.client).timeout(Duration.ofSeconds(10)).build();
		RateLimiter limiter = store.limiter(Policy.of("direct", LIMIT));
		this.server.freeze();
		List<Runnable> calls = List.of(() -> limiter.reset("key"), () -> limiter.tryAcquire("key"));
		List<FutureTask<?>> tasks = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (Runnable call : calls) {
			FutureTask<?> task = new FutureTask<>(call, true);
			tasks.add(task);
			threads.add(new Thread(task));
		}
		threads.forEach(Thread::start);
		Wait.until("calls that wait",
				() -> threads.stream().allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING));
		store.close();
		for (FutureTask<?> task : tasks) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> task.get(5, TimeUnit.SECONDS))
				.withCauseInstanceOf(RateLimitStoreException.class);
		}
	}

	/**
	 * Another thread may withdraw it a moment before its own thread gives up.
	 */
	@Test
	void aCommandThatWasWithdrawnWasNotAnswered() {
		StatefulRedisConnection<String, byte[]> connection = this.client
			.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
		try (Server asked = new Server(() -> new Connection(connection, connection.async(), TIMEOUT), Script.DECIDE,
				TIMEOUT, System::nanoTime, RedisRateLimitStore.NOBODY)) {
			CompletableFuture<String> withdrawn = new CompletableFuture<>();
			withdrawn.cancel(true);
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> asked.await(withdrawn))
				.withMessage("Redis did not answer within 50 ms");
		}
	}

	@Test
	void aValueThatCannotBeReadShowsThatTheServerAnswers() {
		try (Application application = application()) {
			RateLimiter limiter = application.store().limiter(Policy.of("direct", LIMIT));
			this.commands.rpush("ratelimit:{unreadable}direct", "value");
			this.server.freeze();
			for (int i = 0; i < 5; i++) {
				application.limiter(FailureMode.ALLOW).tryAcquire("key");
			}
			this.server.thaw();
			Wait.until("an answer", () -> failure(limiter, "unreadable").contains("cannot read"));
			assertThat(limiter.tryAcquire("fine").remaining()).isEqualTo(PERMITS - 1);
		}
	}

	private static String failure(RateLimiter limiter, String key) {
		try {
			return limiter.tryAcquire(key).toString();
		}
		catch (RateLimitStoreException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	@Test
	void aThreadThatIsInterruptedStaysSo() {
		try (Application application = application()) {
			RateLimiter limiter = application.store().limiter(Policy.of("direct", LIMIT));
			this.server.freeze();
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("key"));
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	private Application application() {
		Application application = new Application(this.server, LIMIT);
		application.awaitCounting(); // the first call may take longer than the timeout
		for (FailureMode mode : MODES) {
			assertThat(application.limiter(mode).tryAcquire("key", USED).remaining()).isEqualTo(PERMITS - USED);
		}
		return application;
	}

	/**
	 * Waits for a failure, and checks every failure mode while it lasts.
	 */
	private static void assertFailing(Application application) {
		application.awaitFailure();
		int heard = application.failures().size();
		List<Duration> times = new ArrayList<>();
		for (int i = 0; i <= PERMITS; i++) {
			for (FailureMode mode : MODES) {
				long begin = System.nanoTime();
				Decision decision = application.limiter(mode).tryAcquire("key");
				times.add(Duration.ofNanos(System.nanoTime() - begin));
				assertThat(decision.counted()).isEqualTo(mode == FailureMode.LOCAL);
				assertThat(decision.allowed()).isEqualTo(switch (mode) {
					case ALLOW -> true;
					case DENY -> false;
					case LOCAL -> i < PERMITS;
				});
			}
		}
		assertThat(Collections.max(times)).isLessThan(TIMEOUT.plus(SLACK));
		assertThat(application.failures()).hasSize(heard + times.size());
		Duration together = IntStream.range(0, 3)
			.mapToObj((round) -> thousandCalls(application))
			.min(Duration::compareTo)
			.orElseThrow();
		assertThat(together).isLessThan(Duration.ofMillis(200));
		assertThat(application.failures()).hasSize(heard + times.size() + 3000);
	}

	private static Duration thousandCalls(Application application) {
		long begin = System.nanoTime();
		for (int i = 0; i < 1000; i++) {
			application.limiter(MODES.get(i % MODES.size())).tryAcquire("key" + i);
		}
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	private static void assertCountsAgain(Application application) {
		Duration pause = application.awaitCounting();
		assertThat(pause).isLessThan(SOON);
		int heard = application.failures().size();
		for (FailureMode mode : MODES) {
			assertThat(application.limiter(mode).tryAcquire("later").remaining()).isEqualTo(PERMITS - 1);
		}
		assertThat(application.failures()).hasSize(heard);
	}

	/**
	 * The server charges what reached it in time and was answered too late: of every
	 * timeout one permit at most.
	 */
	private static void assertLateChargesAreFew(Application application) {
		long late = application.failures().stream().filter((failure) -> failure.contains("did not answer")).count();
		assertThat(late).isLessThan(15);
		long charged = 3 * (PERMITS - USED) - left(application);
		assertThat(charged).isBetween(0L, late);
	}

	private static long left(Application application) {
		long left = 0;
		for (FailureMode mode : MODES) {
			left += application.limiter(mode).peek("key").remaining();
		}
		return left;
	}

	private RedisFuture<String> debug(String... arguments) {
		CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
		for (String argument : arguments) {
			args.add(argument);
		}
		return this.connection.async().dispatch(CommandType.DEBUG, new StatusOutput<>(StringCodec.UTF8), args);
	}

}
