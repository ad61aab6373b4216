package io.ratelimit.redis;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.lettuce.core.api.StatefulRedisConnection;
import io.ratelimit.RateLimitStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a connection is replaced: by one attempt at a time, and not for ever.
 */
class LinkTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	/** What attempts return, each once somebody has put it here. */
	private final BlockingQueue<Fake> made = new LinkedBlockingQueue<>();

	private final AtomicLong attempts = new AtomicLong();

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

	private final Link link = new Link((former) -> {
		this.attempts.incrementAndGet();
		try {
			return this.made.take().connection;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}, this.nanos::get);

	private final Link failing = new Link((former) -> {
		this.attempts.incrementAndGet();
		throw new IllegalStateException("refused");
	}, this.nanos::get);

	@AfterEach
	void close() {
		this.link.close();
		this.failing.close();
	}

	@Test
	void thereIsOneAttemptAtATime() {
		CompletableFuture<Connection> attempt = this.link.connect();
		assertThat(this.link.connect()).isSameAs(attempt);
		this.link.renew();
		Fake first = new Fake();
		this.made.add(first);
		assertThat(attempt).succeedsWithin(LONG).isSameAs(first.connection);
		assertThat(this.link.connection()).isSameAs(first.connection);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void anAttemptIsFollowedByAPause() {
		this.made.add(new Fake());
		assertThat(this.link.connect()).succeedsWithin(LONG);
		this.link.renew();
		this.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(200) - 1);
		this.link.renew();
		assertThat(this.attempts).hasValue(1);
		this.nanos.addAndGet(1);
		this.link.renew();
		Wait.until("an attempt", () -> this.attempts.get() == 2);
	}

	@Test
	void theFormerConnectionIsUsedUntilThereIsAnotherAndThenClosed() {
		Fake first = new Fake();
		this.made.add(first);
		assertThat(this.link.connect()).succeedsWithin(LONG);
		CompletableFuture<Connection> next = this.link.connect();
		assertThat(this.link.connection()).isSameAs(first.connection);
		Fake second = new Fake();
		this.made.add(second);
		assertThat(next).succeedsWithin(LONG);
		assertThat(this.link.connection()).isSameAs(second.connection);
		Wait.until("the end of the former", first.closed::get);
		assertThat(second.closed).isFalse();
	}

	@Test
	void anAttemptThatTakesTooLongIsFollowedByAnother() {
		assertThat(this.link.connect(1)).failsWithin(LONG)
			.withThrowableThat()
			.withCauseInstanceOf(RateLimitStoreException.class)
			.withMessageContaining("accepted no connection");
		CompletableFuture<Connection> second = this.link.connect();
		Wait.until("an attempt", () -> this.attempts.get() == 2);
		List<Fake> both = List.of(new Fake(), new Fake());
		this.made.addAll(both);
		assertThat(second).succeedsWithin(LONG);
		Wait.until("one that is closed", () -> both.stream().anyMatch((fake) -> fake.closed.get()));
		assertThat(both).filteredOn((fake) -> !fake.closed.get())
			.singleElement()
			.extracting((fake) -> fake.connection)
			.isSameAs(this.link.connection());
	}

	@Test
	void noMoreThanSixteenAttemptsHang() {
		for (int i = 0; i < 20; i++) {
			assertThat(this.link.connect(1)).failsWithin(LONG);
		}
		assertThat(this.attempts).hasValueLessThanOrEqualTo(16);
		this.made.addAll(Stream.generate(Fake::new).limit(16).toList());
		Wait.until("an end of them", () -> this.made.isEmpty());
		this.made.add(new Fake());
		Wait.until("an attempt", () -> !this.link.connect().isCompletedExceptionally());
	}

	@Test
	void thePauseAfterAnAttemptThatFailsDoublesUpToASecond() {
		for (long millis : List.of(200, 400, 800, 1000, 1000)) {
			assertThat(this.failing.connect()).failsWithin(LONG);
			long before = this.attempts.get();
			this.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis) - 1);
			this.failing.renew();
			assertThat(this.attempts).hasValue(before);
			this.nanos.addAndGet(1);
		}
	}

	@Test
	void aConnectionThatIsMadeLateIsUsedIfThereIsNoOther() {
		assertThat(this.link.connect(1)).failsWithin(LONG);
		Fake late = new Fake();
		this.made.add(late);
		Wait.until("a connection", () -> this.link.connection() == late.connection);
		assertThat(late.closed).isFalse();
	}

	@Test
	void aConnectionThatIsMadeAfterTheEndIsClosed() {
		CompletableFuture<Connection> attempt = this.link.connect();
		this.link.close();
		Fake late = new Fake();
		this.made.add(late);
		Wait.until("the end of it", late.closed::get);
		assertThat(attempt).succeedsWithin(LONG);
		assertThat(this.link.connection()).isNull();
		assertThat(this.link.connect()).failsWithin(LONG);
	}

	/**
	 * A connection of the client that knows whether it was closed.
	 */
	private static final class Fake {

		private final AtomicBoolean closed = new AtomicBoolean();

		private final Connection connection = connection();

		private Connection connection() {
			StatefulRedisConnection<?, ?> opened = (StatefulRedisConnection<?, ?>) Proxy.newProxyInstance(
					LinkTests.class.getClassLoader(), new Class<?>[] { StatefulRedisConnection.class },
					(proxy, method, arguments) -> switch (method.getName()) {
						case "isOpen" -> !this.closed.get();
						case "close" -> {
							this.closed.set(true);
							yield null;
						}
						default -> null;
					});
			@SuppressWarnings("unchecked")
			StatefulRedisConnection<String, byte[]> typed = (StatefulRedisConnection<String, byte[]>) opened;
			return new Connection(typed, typed.async(), LONG);
		}

	}

}
