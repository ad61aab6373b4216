package io.ratelimit.spring.autoconfigure;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.metrics.DecisionCounts;
import io.ratelimit.spring.metrics.RateLimitMeters;
import io.ratelimit.spring.metrics.ReloadCounts;
import io.ratelimit.spring.metrics.StoreCalls;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@link AutoConfiguration} for meters. Spring Boot binds them to the registries there
 * are.
 */
@AutoConfiguration(after = RateLimitAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
public final class RateLimitMetricsAutoConfiguration {

	@Bean("io.ratelimit.storeCalls")
	StoreCalls rateLimitStoreCalls() {
		return new StoreCalls();
	}

	@Bean("io.ratelimit.meters")
	RateLimitMeters rateLimitMeters(DecisionCounts decisions, ReloadCounts reloads, RateLimitStore store,
			StoreCalls calls, PlanLookUps plans, RateLimits limiters) {
		return new RateLimitMeters(decisions, reloads, store, calls, plans.resolver(), limiters);
	}

}
