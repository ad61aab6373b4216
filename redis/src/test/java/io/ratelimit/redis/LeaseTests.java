package io.ratelimit.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.ratelimit.redis.OpenStores.policy;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Permits that the store has leased are granted without asking the server.
 */
class LeaseTests {

	@AutoClose
	private static final OpenServer server = new OpenServer();

	@AutoClose
	private final OpenStores stores = new OpenStores(server);

	@Test
	void aBatchOfOneClaimSpendsALease() {
		RedisRateLimitStore store = this.stores.store(100);
		List<BoundClaim> claims = List.of(Bound.claim(store, policy("1000000/1h"), "k", 1));
		long before = this.stores.calls();
		for (int i = 0; i < 2500; i++) {
			assertThat(store.tryAcquireAll(claims)).allMatch(Decision::allowed);
			assertThat(store.tryAcquireAllAsync(claims).toCompletableFuture().join()).allMatch(Decision::allowed);
		}
		assertThat(this.stores.calls() - before).isLessThan(100);
	}

	@ParameterizedTest
	@ValueSource(longs = { 10, 100 })
	void leasesOfAHotKeySaveCalls(long lease) {
		BoundPolicy limiter = Bound.in(this.stores.store(lease), policy("1000000/1h"));
		long before = this.stores.calls();
		for (int i = 0; i < 5000; i++) {
			assertThat(limiter.tryAcquire("k").allowed()).isTrue();
		}
		assertThat(this.stores.calls() - before).isLessThan(5000 / (lease / 2));
	}

	@Test
	void aKeyThatIsSeldomAskedForTakesNothingAhead() {
		RedisRateLimitStore store = this.stores.store(100);
		BoundPolicy limiter = Bound.in(store, policy("1000/6s"));
		assertThat(limiter.tryAcquire("k").remaining()).isEqualTo(999);
		assertThat(Bound.in(this.stores.store(0), policy("1000/6s")).peek("k").remaining()).isEqualTo(999);
	}

	@Test
	void leasesAndTheirDecisionsAddUpToTheLimit() {
		BoundPolicy limiter = Bound.in(this.stores.store(100), policy("1000/1h"));
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
			BoundPolicy limiter = Bound.in(this.stores.store(50), policy(limit));
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

	/**
	 * A permit that was granted at some moment between two.
	 */
	private record Grant(long before, long after) {
	}

}
