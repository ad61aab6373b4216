package io.ratelimit.spring.openapi;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.LivePolicies;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;
import io.ratelimit.spring.request.RequestRules;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of what springdoc says of limits.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(GlobalOpenApiCustomizer.class)
class OpenApiConfiguration {

	/** Name of the store that counts in this process, and cannot fail. */
	private static final String IN_PROCESS = "caffeine";

	@Bean("io.ratelimit.refusalResponses")
	RefusalResponses rateLimitRefusalResponses(RateLimitHeaders headers,
			@Qualifier("io.ratelimit.refusalStatus") Function<List<Decision>, Refusal> refusals,
			@Qualifier("io.ratelimit.storeName") Supplier<String> store, ObjectProvider<RefusalHandler> handlers) {
		List<Set<String>> own = handlers.stream().map(RefusalHandler::policies).toList();
		return new RefusalResponses(headers, refusals, !store.get().equals(IN_PROCESS),
				(policy) -> own.stream().noneMatch((policies) -> policies.isEmpty() || policies.contains(policy)));
	}

	@Bean("io.ratelimit.limitedHandlers")
	LimitedHandlers rateLimitLimitedHandlers(LivePolicies policies, RateLimits limits, RefusalResponses responses) {
		return new LimitedHandlers(policies, limits, responses);
	}

	@Bean("io.ratelimit.limitedPaths")
	LimitedPaths rateLimitLimitedPaths(RequestRules rules, RefusalResponses responses) {
		return new LimitedPaths(rules, responses);
	}

}
