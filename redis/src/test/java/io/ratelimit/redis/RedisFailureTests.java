package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimit.Decision;
import io.ratelimit.FailureMode;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * While a server fails, every failure mode answers as it says, within the timeout at
 * first and at once after a few failures; when the server is back, it counts again.
 */
@Isolated
class RedisFailureTests {

	private static final Duration TIMEOUT = RedisRateLimitStore.DEFAULT_TIMEOUT;

	/** What a thread may wait for its turn on a machine that is busy. */
	private static final Duration SLACK = Duration.ofSeconds(1);

	/** How long a server fails that begins to answer by itself. */
	private static final Duration OUTAGE = Duration.ofSeconds(4);

	private static final Duration SOON = Duration.ofSeconds(10);

	/** How long a server that does not answer is not asked, at least. */
	private static final Duration PAUSE = Duration.ofMillis(100);

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
			assertThat(application.kinds()).contains(Kind.CONNECTION).doesNotContain(Kind.ERROR, Kind.OTHER);
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
			this.commands.clientPause(OUTAGE.toMillis());
			assertFailing(application);
			assertCountsAgain(application);
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatIsBusy() {
		try (Application application = application()) {
			RedisFuture<?> sleep = debug("SLEEP", String.valueOf(OUTAGE.toSeconds()));
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
			Limiter limiter = application.limiter(FailureMode.DENY);
			assertThat(limiter.tryAcquire("full", PERMITS).allowed()).isTrue();
			this.commands.configSet("maxmemory-policy", "noeviction");
			this.commands.configSet("maxmemory", "1");
			// a refusal needs no memory
			assertThat(limiter.tryAcquire("full").counted()).isTrue();
			assertFailing(application, FailureMode.LOCAL, FailureMode.ALLOW);
			assertThat(application.failures()).anyMatch((failure) -> failure.contains("OOM"));
			assertThat(application.kinds()).contains(Kind.FULL).isSubsetOf(Kind.FULL, Kind.TIMEOUT);
			assertThat(limiter.tryAcquire("full").counted()).as("a refusal, although others fail").isTrue();
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
			for (int i = 0; i < OUTAGE.toMillis() / 20; i++) {
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
		assertFailing(application, FailureMode.LOCAL);
	}

	/**
	 * Does the same where some modes count in process.
	 */
	private static void assertFailing(Application application, FailureMode... counting) {
		application.awaitFailure();
		int heard = application.failures().size();
		List<Duration> times = new ArrayList<>();
		for (int i = 0; i <= PERMITS; i++) {
			for (FailureMode mode : MODES) {
				long begin = System.nanoTime();
				Decision decision = application.limiter(mode).tryAcquire("key");
				times.add(Duration.ofNanos(System.nanoTime() - begin));
				boolean counts = List.of(counting).contains(mode);
				assertThat(decision.counted()).isEqualTo(counts);
				assertThat(decision.allowed()).isEqualTo(counts ? i < PERMITS : mode == FailureMode.ALLOW);
			}
		}
		assertThat(Collections.max(times)).isLessThan(TIMEOUT.plus(SLACK));
		assertThat(application.failures()).hasSize(heard + times.size());
		assertThatAThousandCallsHardlyWait(application);
		assertThat(application.failures()).hasSize(heard + times.size() + 1000);
	}

	/**
	 * One try after each pause waits for the timeout, and no other call.
	 */
	private static void assertThatAThousandCallsHardlyWait(Application application) {
		long before = timeouts(application);
		long begin = System.nanoTime();
		for (int i = 0; i < 1000; i++) {
			application.limiter(MODES.get(i % MODES.size())).tryAcquire("key" + i);
		}
		Duration together = Duration.ofNanos(System.nanoTime() - begin);
		assertThat(timeouts(application) - before).isLessThanOrEqualTo(1 + together.dividedBy(PAUSE));
		assertThat(together).as("a tenth of a thousand timeouts").isLessThan(TIMEOUT.multipliedBy(100));
	}

	private static long timeouts(Application application) {
		return application.kinds().stream().filter((kind) -> kind == Kind.TIMEOUT).count();
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
		assertThat(late).isLessThan(30);
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
