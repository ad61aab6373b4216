package io.ratelimit.spring.call;

import io.ratelimit.spring.policy.LivePolicies;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of calls that no request surrounds.
 */
@Configuration(proxyBeanMethods = false)
class PlainCallConfiguration {

	@Bean("io.ratelimit.callContext")
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	CallContext rateLimitCallContext(LivePolicies policies) {
		return new PlainCallContext(policies);
	}

}
