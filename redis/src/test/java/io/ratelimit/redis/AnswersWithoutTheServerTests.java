package io.ratelimit.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the store answers without asking the server: refusals that it knows of, and
 * permits that it has leased.
 */
class AnswersWithoutTheServerTests {

	@AutoClose
	private static final OpenServer server = new OpenServer();

	private final List<RedisRateLimitStore> stores = new ArrayList<>();

	@BeforeEach
	void empty() {
		server.commands().flushall();
	}

	@AfterEach
	void close() {
		this.stores.forEach(RedisRateLimitStore::close);
	}

	@Test
	void aKeyThatIsRefusedCostsNoCall() {
		AtomicLong nanos = new AtomicLong();
		BoundPolicy limiter = Bound.in(store(nanos::get), policy("5/1h"));
		limiter.tryAcquire("k", 5);
		Decision refused = limiter.tryAcquire("k");
		assertThat(refused.allowed()).isFalse();
		long before = calls();
		Decision later = refused;
		for (int i = 0; i < 999; i++) {
			nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
			later = limiter.tryAcquire("k");
		}
		assertThat(calls() - before).isZero();
		assertThat(later.allowed()).isFalse();
		assertThat(later.retryAfterNanos()).isPositive().isLessThan(refused.retryAfterNanos());
	}

	@Test
	void lessThanWhatWasRefusedIsAskedFor() {
		BoundPolicy limiter = Bound.in(store(0), policy("5/1h"));
		limiter.tryAcquire("k", 3);
		assertThat(limiter.tryAcquire("k", 4).allowed()).isFalse();
		assertThat(limiter.tryAcquire("k", 2).allowed()).isTrue();
	}

	@Test
	void aKeyThatIsResetHereIsAskedForAtOnce() {
		BoundPolicy limiter = Bound.in(store(0), policy("5/1h"));
		limiter.tryAcquire("k", 5);
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		limiter.reset("k");
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void aPolicyThatIsReplacedIsAskedForAtOnce() {
		RedisRateLimitStore store = store(0);
		BoundPolicy limiter = Bound.in(store, policy("5/1h"));
		limiter.tryAcquire("k", 5);
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		Bound.in(store, policy("6/1h"));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void aKeyThatIsResetElsewhereIsAskedForWithinASecond() {
		AtomicLong nanos = new AtomicLong();
		BoundPolicy limiter = Bound.in(store(nanos::get), policy("5/1h"));
		limiter.tryAcquire("k", 5);
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		Bound.in(store(0), policy("5/1h")).reset("k");
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void aBatchWithAKeyThatIsRefusedCostsNoCall() {
		AtomicLong nanos = new AtomicLong();
		RedisRateLimitStore store = store(nanos::get);
		List<BoundClaim> claims = List.of(Bound.claim(store, Policy.of("wide", Limit.valueOf("1000/1h")), "all", 1),
				Bound.claim(store, policy("5/1h"), "k", 1));
		for (int i = 0; i < 5; i++) {
			assertThat(store.tryAcquireAll(claims)).allMatch(Decision::allowed);
		}
		List<Decision> refused = store.tryAcquireAll(claims);
		assertThat(refused).extracting(Decision::allowed).containsExactly(true, false);
		long before = calls();
		List<Decision> later = refused;
		for (int i = 0; i < 999; i++) {
			nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
			later = store.tryAcquireAll(claims);
		}
		assertThat(later).extracting(Decision::remaining).containsExactly(995L, 0L);
		for (int i = 0; i < 2; i++) {
			assertThat(later.get(i).resetAfterNanos()).isEqualTo(refused.get(i).resetAfterNanos() - nanos.get());
		}
		assertThat(store.tryAcquireAllAsync(claims).toCompletableFuture()).isCompleted();
		assertThat(calls() - before).isZero();
		nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
		store.tryAcquireAll(claims);
		assertThat(calls() - before).as("a second has passed").isOne();
	}

	@Test
	void aBatchIsRefusedWithoutACallBesideAKeyThatOthersUse() {
		RedisRateLimitStore store = store(() -> 0);
		Policy wide = Policy.of("wide", Limit.valueOf("10/1h"));
		List<BoundClaim> claims = List.of(Bound.claim(store, wide, "all", 2),
				Bound.claim(store, policy("5/1h"), "k", 6));
		BoundPolicy others = Bound.in(store, wide);
		store.tryAcquireAll(claims);
		for (int i = 1; i <= 8; i++) {
			others.tryAcquire("all");
			long before = calls();
			assertThat(store.tryAcquireAll(claims)).extracting(Decision::remaining).containsExactly(10L - i, 5L);
			assertThat(calls() - before).isZero();
		}
		others.tryAcquire("all");
		assertThat(store.tryAcquireAll(claims)).as("both refuse now, as only the server knows")
			.noneMatch(Decision::allowed);
	}

	@Test
	void aBatchThatMayBeGrantedIsAskedFor() {
		RedisRateLimitStore store = store(0);
		Policy wide = Policy.of("wide", Limit.valueOf("1000/1h"));
		BoundPolicy limiter = Bound.in(store, policy("5/1h"));
		List<BoundClaim> claims = List.of(Bound.claim(store, wide, "all", 1),
				Bound.claim(store, policy("5/1h"), "k", 5));
		limiter.tryAcquire("k");
		assertThat(store.tryAcquireAll(claims)).anyMatch((decision) -> !decision.allowed());
		assertThat(store.tryAcquireAll(List.of(claims.get(0), Bound.claim(store, policy("5/1h"), "other", 5))))
			.allMatch(Decision::allowed);
		assertThat(store.tryAcquireAll(List.of(claims.get(0), Bound.claim(store, policy("5/1h"), "k", 1))))
			.allMatch(Decision::allowed);
		assertThat(store.tryAcquireAll(claims)).anyMatch((decision) -> !decision.allowed());
		limiter.reset("k");
		assertThat(store.tryAcquireAll(claims)).allMatch(Decision::allowed);
	}

	@Test
	void aBatchOfOneClaimSpendsALease() {
		RedisRateLimitStore store = store(100);
		List<BoundClaim> claims = List.of(Bound.claim(store, policy("1000000/1h"), "k", 1));
		long before = calls();
		for (int i = 0; i < 2500; i++) {
			assertThat(store.tryAcquireAll(claims)).allMatch(Decision::allowed);
			assertThat(store.tryAcquireAllAsync(claims).toCompletableFuture().join()).allMatch(Decision::allowed);
		}
		assertThat(calls() - before).isLessThan(100);
	}

	@Test
	void whatStoodBesideARefusedKeyIsAskedForByItself() {
		RedisRateLimitStore store = store(0);
		Policy wide = Policy.of("wide", Limit.valueOf("1000/1h"));
		BoundPolicy limiter = Bound.in(store, wide);
		store.tryAcquireAll(List.of(Bound.claim(store, wide, "all", 1), Bound.claim(store, policy("5/1h"), "k", 6)));
		assertThat(limiter.tryAcquire("all").remaining()).isEqualTo(999);
		assertThat(store.tryAcquireAll(List.of(Bound.claim(store, wide, "all", 1)))).allMatch(Decision::allowed);
		assertThat(limiter.peek("all").remaining()).isEqualTo(998);
	}

	@ParameterizedTest
	@ValueSource(longs = { 10, 100 })
	void leasesOfAHotKeySaveCalls(long lease) {
		BoundPolicy limiter = Bound.in(store(lease), policy("1000000/1h"));
		long before = calls();
		for (int i = 0; i < 5000; i++) {
			assertThat(limiter.tryAcquire("k").allowed()).isTrue();
		}
		assertThat(calls() - before).isLessThan(5000 / (lease / 2));
	}

	@Test
	void aKeyThatIsSeldomAskedForTakesNothingAhead() {
		RedisRateLimitStore store = store(100);
		BoundPolicy limiter = Bound.in(store, policy("1000/6s"));
		assertThat(limiter.tryAcquire("k").remaining()).isEqualTo(999);
		assertThat(Bound.in(store(0), policy("1000/6s")).peek("k").remaining()).isEqualTo(999);
	}

	@Test
	void leasesAndTheirDecisionsAddUpToTheLimit() {
		BoundPolicy limiter = Bound.in(store(100), policy("1000/1h"));
		for (int i = 0; i < 1000; i++) {
			Decision decision = limiter.tryAcquire("k");
			assertThat(decision.allowed()).isTrue();
			assertThat(decision.remaining()).isEqualTo(999 - i);
		}
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "200/1s", "70/500ms", "3000/1s" })
	void leasesOfTwoNodesKeepTheLimitInEveryWindow(String limit) throws Exception {
		long window = Limit.valueOf(limit).window().toNanos();
		List<Future<List<Grant>>> futures = new ArrayList<>();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		long end = System.nanoTime() + 4 * window;
		for (int node = 0; node < 2; node++) {
			BoundPolicy limiter = Bound.in(store(50), policy(limit));
			for (int i = 0; i < 2; i++) {
				futures.add(threads.submit(() -> hammer(limiter, end)));
			}
		}
		List<Grant> grants = new ArrayList<>();
		for (Future<List<Grant>> future : futures) {
			grants.addAll(future.get());
		}
		threads.shutdown();
		grants.sort(Comparator.comparingLong(Grant::before));
		long permits = Limit.valueOf(limit).permits();
		assertThat(grants).hasSizeGreaterThan((int) permits);
		for (int i = 0; i < grants.size(); i++) {
			long first = grants.get(i).before();
			long within = grants.stream().skip(i).filter((grant) -> grant.after() - first < window).count();
			assertThat(within).isLessThanOrEqualTo(permits);
		}
	}

	@Test
	void onlyWhatIsAskedIsToldAsACall() {
		List<Long> told = new CopyOnWriteArrayList<>();
		RedisRateLimitStore store = opened(server.store().onCall(told::add));
		BoundPolicy limiter = Bound.in(store, policy("5/1h"));
		limiter.tryAcquire("k", 5);
		limiter.tryAcquire("k");
		Wait.until("two calls", () -> told.size() == 2);
		for (int i = 0; i < 100; i++) {
			limiter.tryAcquire("k");
		}
		limiter.tryAcquireAsync("another", 1).toCompletableFuture().join();
		Wait.until("the calls", () -> told.size() >= 3);
		assertThat(told).hasSizeLessThanOrEqualTo(4).allMatch((nanos) -> nanos > 0);
	}

	private static List<Grant> hammer(BoundPolicy limiter, long end) {
		List<Grant> grants = new ArrayList<>();
		long before = System.nanoTime();
		while (before < end) {
			if (limiter.tryAcquire("k").allowed()) {
				grants.add(new Grant(before, System.nanoTime()));
			}
			before = System.nanoTime();
		}
		return grants;
	}

	private RedisRateLimitStore store(LongSupplier clock) {
		return opened(server.store().clock(clock));
	}

	private RedisRateLimitStore store(long lease) {
		return opened(server.store().lease(lease));
	}

	private RedisRateLimitStore opened(RedisRateLimitStore.Builder builder) {
		RedisRateLimitStore store = builder.build();
		this.stores.add(store);
		return store;
	}

	private static Policy policy(String limit) {
		return Policy.of("api", Limit.valueOf(limit));
	}

	private static long calls() {
		return server.calls("evalsha");
	}

	/**
	 * A permit that was granted at some moment between two.
	 */
	private record Grant(long before, long after) {
	}

}
