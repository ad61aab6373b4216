package io.ratelimit.caffeine;

import java.lang.ref.WeakReference;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts permits in this process. Each policy keeps up to a maximum number of keys; a
 * sweep every 30 seconds removes keys whose usage has expired. Safe for use by many
 * threads.
 *
 * <p>
 * Where more keys than the maximum are in use at once, those that are seen least are
 * dropped, and their usage is forgotten; evictions are counted, and the first is logged.
 * As many keys again are kept if they are at their limit, half of that number if they
 * have used a quarter of it.
 */
public final class CaffeineRateLimitStore implements RateLimitStore {

	/**
	 * Most keys per policy, unless the builder says otherwise.
	 */
	public static final long DEFAULT_MAXIMUM_KEYS = 100_000;

	private static final long SWEEP_SECONDS = 30;

	private static final Logger logger = LoggerFactory.getLogger(CaffeineRateLimitStore.class);

	private final StoreClock clock;

	private final long maximumKeys;

	private final BoundPolicies policies = new BoundPolicies();

	private final LongAdder evictions = new LongAdder();

	private final LongAdder evictionsAtLimit = new LongAdder();

	private final Set<String> full = ConcurrentHashMap.newKeySet();

	private final Set<String> fullAtLimit = ConcurrentHashMap.newKeySet();

	private final ScheduledThreadPoolExecutor sweeper = sweeper();

	private CaffeineRateLimitStore(Builder builder) {
		this.clock = new StoreClock(builder.ticker, builder.clock);
		this.maximumKeys = builder.maximumKeys;
	}

	/**
	 * Starts to build a store.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	@Override
	public BoundPolicy bind(Policy policy) {
		return this.policies
			.bind(policy,
					(ordinal) -> new CaffeinePolicy(policy, ordinal, this.clock, (counter) -> new Cells(counter,
							this.clock, this.maximumKeys, (atLimit) -> evicted(policy.name(), atLimit)),
							this.policies));
	}

	@Override
	public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
		if (claims.size() == 1) {
			BoundClaim claim = claims.get(0);
			return List.of(claim.policy().tryAcquire(claim.key(), claim.permits()));
		}
		return List.of(new Batch(claims).decide(this.clock));
	}

	/**
	 * Returns how many keys are held, over all policies.
	 * @return the approximate number of keys
	 */
	public long keys() {
		return this.policies.all().stream().mapToLong((policy) -> policy.generation().size()).sum();
	}

	/**
	 * Returns how many keys were dropped because a policy had more than its maximum.
	 * @return the number of evictions since the store was built
	 */
	public long evictions() {
		return this.evictions.sum();
	}

	/**
	 * Returns how many of the {@linkplain #evictions() evictions} were of keys that were
	 * at their limit. Each of these keys may have begun anew too early.
	 * @return the number of evictions since the store was built
	 */
	public long evictionsAtLimit() {
		return this.evictionsAtLimit.sum();
	}

	@Override
	public void close() {
		this.sweeper.shutdownNow();
		this.policies.clear();
	}

	/**
	 * Drops the keys that have nothing left to tell, and aligns wall time to the clock.
	 */
	void sweep() {
		this.clock.align();
		this.policies.all().forEach((policy) -> policy.generation().sweep());
	}

	private void evicted(String policy, boolean atLimit) {
		this.evictions.increment();
		if (atLimit) {
			this.evictionsAtLimit.increment();
			if (this.fullAtLimit.add(policy)) {
				logger.warn("Policy '{}' has more than {} keys at their limit at once: some of them begin anew before "
						+ "their time. Raise the maximum number of keys", policy, this.maximumKeys);
			}
		}
		else if (this.full.add(policy)) {
			logger.warn(
					"Policy '{}' has more than {} keys in use at once: the least used are dropped, and what they "
							+ "had used is forgotten. Raise the maximum number of keys if these are real clients",
					policy, this.maximumKeys);
		}
	}

	/**
	 * Returns the thread for sweeps, which lives as long as there is one to come. It
	 * knows no class loader that a container would take for one that has leaked.
	 */
	private static ScheduledThreadPoolExecutor sweeper() {
		ScheduledThreadPoolExecutor sweeper = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(null, task, "ratelimit-sweep", 0, false);
			thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		sweeper.setKeepAliveTime(1, TimeUnit.SECONDS);
		sweeper.allowCoreThreadTimeOut(true);
		return sweeper;
	}

	/**
	 * Sweeps a store again and again, until it is closed or garbage.
	 * @param later runs each sweep some time after it was given
	 */
	static void sweepFromTimeToTime(WeakReference<CaffeineRateLimitStore> reference, Executor later) {
		later.execute(() -> {
			CaffeineRateLimitStore store = reference.get();
			if (store != null && !store.sweeper.isShutdown()) {
				try {
					store.sweep();
				}
				catch (Throwable ex) {
					logger.warn("Idle keys could not be swept and stay until the next time", ex);
				}
				finally {
					sweepFromTimeToTime(reference, later);
				}
			}
		});
	}

	/**
	 * Returns what runs a task after the time between two sweeps.
	 */
	private static Executor later(ScheduledExecutorService sweeper) {
		return (task) -> {
			Future<?> unused = sweeper.schedule(task, SWEEP_SECONDS, TimeUnit.SECONDS);
		};
	}

	/**
	 * Builds a {@link CaffeineRateLimitStore}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private long maximumKeys = DEFAULT_MAXIMUM_KEYS;

		private Ticker ticker = Ticker.systemTicker();

		private Clock clock = Clock.systemUTC();

		private Builder() {
		}

		/**
		 * Sets the most keys that each policy keeps.
		 * @param maximumKeys the number of keys, at least 1
		 * @return this builder
		 */
		public Builder maximumKeys(long maximumKeys) {
			if (maximumKeys < 1) {
				throw new IllegalArgumentException(
						"a maximum of %s keys: it must be at least 1".formatted(maximumKeys));
			}
			this.maximumKeys = maximumKeys;
			return this;
		}

		/**
		 * Sets the monotonic clock that windows are measured by.
		 * @param ticker the source of nanoseconds
		 * @return this builder
		 */
		public Builder ticker(Ticker ticker) {
			this.ticker = Objects.requireNonNull(ticker, "ticker");
			return this;
		}

		/**
		 * Sets the wall clock that fixed windows are aligned to.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = Objects.requireNonNull(clock, "clock");
			return this;
		}

		/**
		 * Builds the store.
		 * @return a new store
		 */
		public CaffeineRateLimitStore build() {
			CaffeineRateLimitStore store = new CaffeineRateLimitStore(this);
			sweepFromTimeToTime(new WeakReference<>(store), later(store.sweeper));
			return store;
		}

	}

}
