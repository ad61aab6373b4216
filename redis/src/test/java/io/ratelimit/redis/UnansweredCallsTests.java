package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.FailureMode;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of a call that is not answered: whoever waits for it fails in time, and
 * what nobody waits for any more is not charged.
 */
@Isolated
class UnansweredCallsTests {

	private static final Duration TIMEOUT = RedisRateLimitStore.DEFAULT_TIMEOUT;

	/** What a thread may wait for its turn on a machine that is busy. */
	private static final Duration SLACK = Duration.ofSeconds(1);

	private static final Limit LIMIT = Limit.valueOf("10/1h");

	private static final Limit LARGE = Limit.valueOf("1000000/1h");

	private RedisServer server;

	private RedisClient client;

	@BeforeEach
	void start() {
		this.server = RedisServer.start();
		this.client = RedisClient.create(this.server.uri());
	}

	@AfterEach
	void stop() {
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.server.close();
	}

	@Test
	void manyThreadsWaitForTheTimeoutAtMost() throws Exception {
		try (Application application = application(LIMIT)) {
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
		try (Application application = application(LARGE)) {
			BoundPolicy limiter = Bound.in(application.store(), Policy.of("direct", LARGE));
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
			assertThat(limiter.tryAcquire("key").remaining()).isEqualTo(LARGE.permits() - 1);
		}
	}

	@Test
	void whatIsAskedWithoutConnectionIsNotChargedLater() {
		try (Application application = application(LARGE)) {
			this.server.kill();
			for (int i = 0; i < 5000; i++) {
				application.limiter(FailureMode.ALLOW).tryAcquire("key");
			}
			this.server.restart();
			application.awaitCounting();
			assertThat(application.limiter(FailureMode.ALLOW).tryAcquire("key").remaining())
				.isEqualTo(LARGE.permits() - 1);
		}
	}

	@Test
	void aStoreThatIsClosedFailsAsAnyOther() {
		Application application = application(LIMIT);
		BoundPolicy limiter = Bound.in(application.store(), Policy.of("direct", LIMIT));
		application.close();
		assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("key"));
		assertThat(limiter.tryAcquireAsync("key", 1).toCompletableFuture()).failsWithin(TIMEOUT.plus(SLACK))
			.withThrowableThat()
			.withCauseInstanceOf(RateLimitStoreException.class);
	}

	@Test
	void thoseWhoWaitWhenAStoreIsClosedFailAsAnyOther() throws Exception {
		RedisRateLimitStore store = RedisRateLimitStore.builder(this.client).timeout(Duration.ofSeconds(10)).build();
		BoundPolicy limiter = Bound.in(store, Policy.of("direct", LIMIT));
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
		try (Server asked = new Server((former) -> new Connection(connection, connection.async(), TIMEOUT),
				Script.DECIDE, TIMEOUT, System::nanoTime, RedisRateLimitStore.NOBODY)) {
			CompletableFuture<String> withdrawn = new CompletableFuture<>();
			withdrawn.cancel(true);
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> asked.await(withdrawn))
				.withMessage("Redis did not answer within 50 ms");
		}
	}

	@Test
	void aValueThatCannotBeReadShowsThatTheServerAnswers() {
		try (Application application = application(LIMIT)) {
			BoundPolicy limiter = Bound.in(application.store(), Policy.of("direct", LIMIT));
			this.server.send("RPUSH ratelimit:{unreadable}direct value");
			this.server.freeze();
			for (int i = 0; i < 5; i++) {
				application.limiter(FailureMode.ALLOW).tryAcquire("key");
			}
			this.server.thaw();
			Wait.until("an answer", () -> failure(limiter, "unreadable").contains("cannot read"));
			assertThat(limiter.tryAcquire("fine").remaining()).isEqualTo(LIMIT.permits() - 1);
		}
	}

	/**
	 * What was asked is charged, and so it is answered.
	 */
	@Test
	void aThreadThatIsInterruptedIsCountedAndStaysSo() {
		try (Application application = application(LIMIT)) {
			Limiter limiter = application.limiter(FailureMode.LOCAL);
			for (int left = 9; left >= 5; left--) {
				Thread.currentThread().interrupt();
				Decision decision = limiter.tryAcquire("interrupted");
				assertThat(Thread.interrupted()).isTrue();
				assertThat(decision.counted()).isTrue();
				assertThat(decision.remaining()).isEqualTo(left);
			}
			assertThat(application.failures()).isEmpty();
		}
	}

	/**
	 * The thread of all timeouts of the process is not there for what others do then.
	 */
	@Test
	void whoeverHearsOfAFailureHoldsNobodyElseUp() throws Exception {
		try (Application application = application(LIMIT)) {
			BoundPolicy limiter = Bound.in(application.store(), Policy.of("direct", LIMIT));
			this.server.freeze();
			CountDownLatch end = new CountDownLatch(1);
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			limiter.tryAcquireAsync("key", 1).whenComplete((decision, ex) -> {
				failure.complete(ex);
				try {
					assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
				}
				catch (InterruptedException unexpected) {
					throw new IllegalStateException(unexpected);
				}
			});
			assertThat(failure.get(1, TimeUnit.MINUTES)).isInstanceOf(RateLimitStoreException.class);
			try {
				assertThat(new CompletableFuture<>().orTimeout(1, TimeUnit.MILLISECONDS))
					.failsWithin(Duration.ofSeconds(20))
					.withThrowableOfType(ExecutionException.class)
					.withCauseInstanceOf(TimeoutException.class);
			}
			finally {
				end.countDown();
			}
		}
	}

	@Test
	void aThreadThatIsInterruptedStaysSo() {
		try (Application application = application(LIMIT)) {
			BoundPolicy limiter = Bound.in(application.store(), Policy.of("direct", LIMIT));
			this.server.freeze();
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("key"));
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	private Application application(Limit limit) {
		Application application = new Application(this.server, limit);
		application.awaitCounting(); // the first call may take longer than the timeout
		return application;
	}

	private static String failure(BoundPolicy limiter, String key) {
		try {
			return limiter.tryAcquire(key).toString();
		}
		catch (RateLimitStoreException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
