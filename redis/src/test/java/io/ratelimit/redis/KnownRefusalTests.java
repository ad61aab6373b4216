package io.ratelimit.redis;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.ratelimit.redis.OpenStores.policy;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Refusals that the store knows of are answered without asking the server.
 */
class KnownRefusalTests {

	@AutoClose
	private static final OpenServer server = new OpenServer();

	@AutoClose
	private final OpenStores stores = new OpenStores(server);

	@Test
	void aKeyThatIsRefusedCostsNoCall() {
		AtomicLong nanos = new AtomicLong();
		BoundPolicy limiter = Bound.in(this.stores.store(nanos::get), policy("5/1h"));
		limiter.tryAcquire("k", 5);
		Decision refused = limiter.tryAcquire("k");
		assertThat(refused.allowed()).isFalse();
		long before = this.stores.calls();
		Decision later = refused;
		for (int i = 0; i < 999; i++) {
			nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
			later = limiter.tryAcquire("k");
		}
		assertThat(this.stores.calls() - before).isZero();
		assertThat(later.allowed()).isFalse();
		assertThat(later.retryAfterNanos()).isPositive().isLessThan(refused.retryAfterNanos());
	}

	@Test
	void lessThanWhatWasRefusedIsAskedFor() {
		BoundPolicy limiter = Bound.in(this.stores.store(0), policy("5/1h"));
		limiter.tryAcquire("k", 3);
		assertThat(limiter.tryAcquire("k", 4).allowed()).isFalse();
		assertThat(limiter.tryAcquire("k", 2).allowed()).isTrue();
	}

	@Test
	void aKeyThatIsResetHereIsAskedForAtOnce() {
		BoundPolicy limiter = Bound.in(this.stores.store(0), policy("5/1h"));
		limiter.tryAcquire("k", 5);
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		limiter.reset("k");
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void aPolicyThatIsReplacedIsAskedForAtOnce() {
		RedisRateLimitStore store = this.stores.store(0);
		BoundPolicy limiter = Bound.in(store, policy("5/1h"));
		limiter.tryAcquire("k", 5);
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		Bound.in(store, policy("6/1h"));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void aKeyThatIsResetElsewhereIsAskedForWithinASecond() {
		AtomicLong nanos = new AtomicLong();
		BoundPolicy limiter = Bound.in(this.stores.store(nanos::get), policy("5/1h"));
		limiter.tryAcquire("k", 5);
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		Bound.in(this.stores.store(0), policy("5/1h")).reset("k");
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void aBatchWithAKeyThatIsRefusedCostsNoCall() {
		AtomicLong nanos = new AtomicLong();
		RedisRateLimitStore store = this.stores.store(nanos::get);
		List<BoundClaim> claims = List.of(Bound.claim(store, Policy.of("wide", Limit.valueOf("1000/1h")), "all", 1),
				Bound.claim(store, policy("5/1h"), "k", 1));
		for (int i = 0; i < 5; i++) {
			assertThat(store.tryAcquireAll(claims)).allMatch(Decision::allowed);
		}
		List<Decision> refused = store.tryAcquireAll(claims);
		assertThat(refused).extracting(Decision::allowed).containsExactly(true, false);
		long before = this.stores.calls();
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
		assertThat(this.stores.calls() - before).isZero();
		nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
		store.tryAcquireAll(claims);
		assertThat(this.stores.calls() - before).as("a second has passed").isOne();
	}

	@Test
	void aBatchIsRefusedWithoutACallBesideAKeyThatOthersUse() {
		RedisRateLimitStore store = this.stores.store(() -> 0);
		Policy wide = Policy.of("wide", Limit.valueOf("10/1h"));
		List<BoundClaim> claims = List.of(Bound.claim(store, wide, "all", 2),
				Bound.claim(store, policy("5/1h"), "k", 6));
		BoundPolicy others = Bound.in(store, wide);
		store.tryAcquireAll(claims);
		for (int i = 1; i <= 8; i++) {
			others.tryAcquire("all");
			long before = this.stores.calls();
			assertThat(store.tryAcquireAll(claims)).extracting(Decision::remaining).containsExactly(10L - i, 5L);
			assertThat(this.stores.calls() - before).isZero();
		}
		others.tryAcquire("all");
		assertThat(store.tryAcquireAll(claims)).as("both refuse now, as only the server knows")
			.noneMatch(Decision::allowed);
	}

	@Test
	void aBatchThatMayBeGrantedIsAskedFor() {
		RedisRateLimitStore store = this.stores.store(0);
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
	void whatStoodBesideARefusedKeyIsAskedForByItself() {
		RedisRateLimitStore store = this.stores.store(0);
		Policy wide = Policy.of("wide", Limit.valueOf("1000/1h"));
		BoundPolicy limiter = Bound.in(store, wide);
		store.tryAcquireAll(List.of(Bound.claim(store, wide, "all", 1), Bound.claim(store, policy("5/1h"), "k", 6)));
		assertThat(limiter.tryAcquire("all").remaining()).isEqualTo(999);
		assertThat(store.tryAcquireAll(List.of(Bound.claim(store, wide, "all", 1)))).allMatch(Decision::allowed);
		assertThat(limiter.peek("all").remaining()).isEqualTo(998);
	}

	@Test
	void onlyWhatIsAskedIsToldAsACall() {
		List<Long> told = new CopyOnWriteArrayList<>();
		RedisRateLimitStore store = this.stores.opened(server.store().onCall(told::add));
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

}
