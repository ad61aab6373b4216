package io.ratelimit.spring.test;

import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import io.ratelimit.spring.request.RequestRules;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link AutoConfiguration} for tests of applications that have limits.
 */
@AutoConfiguration(before = RateLimitAutoConfiguration.class)
public final class RateLimitTestAutoConfiguration {

	private static final String TIME = "io.ratelimit.test.time";

	/*
	 * Not to be injected by its type: the application may have a clock, or look for one.
	 */
	@Bean(value = TIME, defaultCandidate = false)
	@ConditionalOnMissingBean(Ticker.class)
	TestTime rateLimitTestTime() {
		return new TestTime();
	}

	@Bean("io.ratelimit.test.tester")
	static RateLimitTester rateLimitTester(RateLimits limits, ObjectProvider<RequestRules> rules,
			@Qualifier("io.ratelimit.storeName") Supplier<String> store,
			@Qualifier(TIME) ObjectProvider<TestTime> time) {
		RequestRules typed = rules.getIfAvailable();
		return new RateLimitTester(limits, (typed != null) ? typed::typed : (policy, key) -> key, store,
				time.getIfAvailable());
	}

}
