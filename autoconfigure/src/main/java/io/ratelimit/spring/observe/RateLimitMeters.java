package io.ratelimit.spring.observe;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimit.Outage;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CachedLimitResolver;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.jspecify.annotations.Nullable;

/**
 * The meters of an application. They read what is counted anyway, so that a decision pays
 * nothing more for them; no key is in a tag.
 */
final class RateLimitMeters implements MeterBinder {

	private final DecisionCounts decisions;

	private final ReloadCounts reloads;

	private final RateLimitStore store;

	private final StoreCalls calls;

	private final @Nullable CachedLimitResolver plans;

	private final RateLimits limiters;

	/**
	 * Creates meters.
	 * @param decisions what is read by policy
	 * @param reloads what is read of changes of the configuration
	 * @param store where permits are counted
	 * @param calls told how long calls of a store outside of this process take
	 * @param plans what is read of look-ups of plans; {@code null} if there are no plans
	 * @param limiters what is read of outages of the store
	 */
	public RateLimitMeters(DecisionCounts decisions, ReloadCounts reloads, RateLimitStore store, StoreCalls calls,
			@Nullable CachedLimitResolver plans, RateLimits limiters) {
		this.plans = plans;
		this.limiters = limiters;
		this.decisions = decisions;
		this.reloads = reloads;
		this.store = store;
		this.calls = calls;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.decisions.forEachPolicy((policy) -> bind(policy, registry));
		for (Kind kind : Kind.values()) {
			FunctionCounter.builder("ratelimit.store.failures", this.decisions, (counts) -> counts.failures(kind))
				.description("Calls that the store could not answer")
				.tag("kind", kind.id())
				.register(registry);
		}
		FunctionCounter.builder("ratelimit.store.outages", this.limiters, RateLimits::outages)
			.description("Outages of the store that have begun")
			.register(registry);
		TimeGauge.builder("ratelimit.store.outage", this.limiters, TimeUnit.NANOSECONDS, RateLimitMeters::nanosOfOutage)
			.description("Length of the outage of the store that goes on")
			.register(registry);
		FunctionCounter.builder("ratelimit.reloads", this.reloads, ReloadCounts::applied)
			.description("Changes of the configuration while running")
			.tag("result", "applied")
			.register(registry);
		FunctionCounter.builder("ratelimit.reloads", this.reloads, ReloadCounts::refused)
			.description("Changes of the configuration while running")
			.tag("result", "refused")
			.register(registry);
		if (this.plans != null) {
			bind(this.plans, registry);
		}
		if (this.store instanceof CaffeineRateLimitStore inProcess) {
			bind(inProcess, registry);
		}
		else {
			Timer timer = Timer.builder("ratelimit.store.calls")
				.description("Calls of the store outside of this process")
				.register(registry);
			this.calls.tell((nanos) -> timer.record(nanos, TimeUnit.NANOSECONDS));
		}
	}

	private static double nanosOfOutage(RateLimits limiters) {
		Outage outage = limiters.outage();
		return (outage == null || outage.over()) ? 0 : Math.max(1, outage.length().toNanos());
	}

	private void bind(String policy, MeterRegistry registry) {
		for (Outcome outcome : Outcome.values()) {
			FunctionCounter.builder("ratelimit.decisions", this.decisions, (counts) -> counts.count(policy, outcome))
				.description("Decisions by what they came to")
				.tag("policy", policy)
				.tag("outcome", outcome.id())
				.register(registry);
		}
		FunctionCounter.builder("ratelimit.near", this.decisions, (counts) -> counts.near(policy))
			.description("Decisions that found 80% of a limit or more used")
			.tag("policy", policy)
			.register(registry);
		FunctionCounter.builder("ratelimit.local", this.decisions, (counts) -> counts.local(policy))
			.description("Decisions that were counted in this process, as the store could not answer")
			.tag("policy", policy)
			.register(registry);
	}

	private static void bind(CachedLimitResolver plans, MeterRegistry registry) {
		for (CachedLimitResolver.Outcome outcome : CachedLimitResolver.Outcome.values()) {
			FunctionTimer
				.builder("ratelimit.plans", plans, (resolver) -> resolver.lookUps(outcome),
						(resolver) -> resolver.nanos(outcome), TimeUnit.NANOSECONDS)
				.description("Look-ups of plans by what they came to")
				.tag("outcome", outcome.id())
				.register(registry);
		}
	}

	private static void bind(CaffeineRateLimitStore store, MeterRegistry registry) {
		Gauge.builder("ratelimit.keys", store, CaffeineRateLimitStore::keys)
			.description("Keys held in this process")
			.register(registry);
		bindEvictions(store, false, (each) -> each.evictions() - each.evictionsAtLimit(), registry);
		bindEvictions(store, true, CaffeineRateLimitStore::evictionsAtLimit, registry);
	}

	private static void bindEvictions(CaffeineRateLimitStore store, boolean atLimit,
			ToDoubleFunction<CaffeineRateLimitStore> count, MeterRegistry registry) {
		FunctionCounter.builder("ratelimit.evictions", store, count)
			.description("Keys dropped because a policy had more than its maximum")
			.tag("at.limit", String.valueOf(atLimit))
			.register(registry);
	}

}
