package io.ratelimit.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A group of laws, each of whose tests has a store of its own, and the clock in hand.
 */
abstract class Laws {

	RateLimitStore store;

	private final Map<String, BoundPolicy> bound = new ConcurrentHashMap<>();

	private Instant start;

	private long now;

	abstract RateLimitStoreContract contract();

	@BeforeEach
	void openStore() {
		this.start = clock().instant();
		this.now = 0;
		this.store = contract().createStore();
		this.bound.clear();
	}

	@AfterEach
	void closeStore() {
		this.store.close();
	}

	final void reopenStore() {
		closeStore();
		openStore();
	}

	final ContractClock clock() {
		return contract().clock();
	}

	/**
	 * Returns the time since the test began.
	 */
	final long now() {
		return this.now;
	}

	/**
	 * Returns the shortest time that the clock can show.
	 */
	final long step() {
		return clock().resolution().toNanos();
	}

	final void advance(long nanos) {
		clock().advance(Duration.ofNanos(nanos));
		this.now += nanos;
	}

	final void advance(Duration duration) {
		advance(duration.toNanos());
	}

	final Policy policy(Limit... limits) {
		return Policy.of("tested", limits);
	}

	final BoundPolicy limiter(Limit... limits) {
		return bind(policy(limits));
	}

	/**
	 * Binds a policy, or replaces the one of the same name.
	 */
	final BoundPolicy bind(Policy policy) {
		return this.bound.compute(policy.name(), (name, known) -> {
			if (known == null) {
				return this.store.bind(policy);
			}
			known.replace(policy);
			return known;
		});
	}

	/**
	 * Returns a claim on the policy of a name, which is bound if there is none.
	 */
	final BoundClaim claim(Policy policy, String key, long permits) {
		return BoundClaim.of(this.bound.computeIfAbsent(policy.name(), (name) -> this.store.bind(policy)), key,
				permits);
	}

	final Model model(Limit limit) {
		return Model.of(limit, this.start, step());
	}

	/**
	 * Makes claims on a key until one is refused, each of as many permits as are left.
	 */
	final long exhaust(BoundPolicy limiter, String key) {
		long granted = 0;
		for (Decision left = limiter.peek(key); left.allowed(); left = limiter.peek(key)) {
			assertThat(limiter.tryAcquire(key, left.remaining()).allowed()).isTrue();
			granted += left.remaining();
		}
		return granted;
	}

	/**
	 * Takes permits that have to be there.
	 */
	static Decision granted(BoundPolicy limiter, String key, long permits) {
		Decision granted = limiter.tryAcquire(key, permits);
		assertThat(granted.allowed()).isTrue();
		return granted;
	}

	static void giveBack(BoundPolicy limiter, String key, long permits, Decision granted) {
		limiter.giveBack(key, permits, granted).toCompletableFuture().join();
	}

	/**
	 * Plays random traces of every shape, each on a key of its own.
	 */
	final void play(Limit limit, Player player) {
		for (Traffic.Shape shape : Traffic.Shape.values()) {
			for (int i = 0; i < contract().traces(); i++) {
				long seed = contract().seed() + i;
				String trace = "%s, %s, seed %s".formatted(limit, shape, seed);
				player.play(trace, new Traffic(limit, shape, seed, step()));
			}
		}
	}

	/**
	 * Plays random traces of every shape of claims on one limit.
	 */
	final void play(Limit limit, Listener listener) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			listener.begin();
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims(); i++) {
				advance(traffic.pause(last));
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				listener.claimed(permits, last, trace + ", claim " + i);
			}
			listener.end(trace);
		});
	}

	/**
	 * Limits of every algorithm, and of every way of counting that a store may choose.
	 */
	static Stream<Limit> everyLimit() {
		return Stream.of(slidingUpTo64(), slidingAbove64(), fixed(), tokenBuckets(), leakyBuckets())
			.flatMap((limits) -> limits);
	}

	static Stream<Limit> slidingUpTo64() {
		return Stream.concat(limits("1/1s", "5/1s", "64/1m"), RandomLimits.slidingUpTo64());
	}

	static Stream<Limit> slidingAbove64() {
		return Stream.concat(limits("65/1m", "100/1s", "10000/1h", Limit.MAX_PERMITS + "/1d"),
				RandomLimits.slidingAbove64());
	}

	static Stream<Limit> fixed() {
		Limit daily = FixedWindow.of(20, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneOffset.UTC));
		return Stream.of(limits("10/1s fixed-window", "1000/7m fixed-window"), Stream.of(daily), RandomLimits.fixed())
			.flatMap((limits) -> limits);
	}

	static Stream<Limit> tokenBuckets() {
		return Stream
			.concat(Stream.of(Limit.valueOf("10/1s token-bucket burst 10"), Limit.valueOf("7/1s token-bucket burst 20"),
					Limit.valueOf("3/1m token-bucket burst 1"), Limit.valueOf("1000000/1s token-bucket burst 5000000")),
					RandomLimits.tokenBuckets());
	}

	static Stream<Limit> leakyBuckets() {
		return Stream.concat(Stream.of(Limit.valueOf("10/1s leaky-bucket max-wait 500ms"),
				Limit.valueOf("7/1s leaky-bucket max-wait 2s"), Limit.valueOf("10/1s leaky-bucket max-wait 0s")),
				RandomLimits.leakyBuckets());
	}

	static Stream<Limit> limits(String... texts) {
		return List.of(texts).stream().map(Limit::valueOf);
	}

	/**
	 * Plays one random trace.
	 */
	@FunctionalInterface
	interface Player {

		void play(String trace, Traffic traffic);

	}

	/**
	 * Callback for the claims of a random trace.
	 */
	interface Listener {

		void begin();

		void claimed(long permits, Decision decision, String claim);

		default void end(String trace) {
		}

	}

}
