package io.ratelimit.spring.observe;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * Configuration of what the spans of requests say.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ ServerRequestObservationContext.class, HttpServletRequest.class })
class SpanConfiguration {

	@Bean("io.ratelimit.decisionKeyValues")
	DecisionKeyValues rateLimitDecisionKeyValues() {
		return new DecisionKeyValues();
	}

}
