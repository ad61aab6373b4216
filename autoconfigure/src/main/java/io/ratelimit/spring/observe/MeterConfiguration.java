package io.ratelimit.spring.observe;

import java.util.function.Supplier;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CachedLimitResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of meters.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterBinder.class)
class MeterConfiguration {

	@Bean("io.ratelimit.storeCalls")
	StoreCalls rateLimitStoreCalls() {
		return new StoreCalls();
	}

	@Bean("io.ratelimit.meters")
	RateLimitMeters rateLimitMeters(DecisionCounts decisions, ReloadCounts reloads, RateLimitStore store,
			StoreCalls calls, @Qualifier("io.ratelimit.plans") Supplier<@Nullable CachedLimitResolver> plans,
			RateLimits limiters) {
		return new RateLimitMeters(decisions, reloads, store, calls, plans.get(), limiters);
	}

}
