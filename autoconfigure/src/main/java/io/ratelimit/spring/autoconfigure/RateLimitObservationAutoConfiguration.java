package io.ratelimit.spring.autoconfigure;

import io.micrometer.observation.ObservationFilter;
import io.ratelimit.spring.metrics.DecisionKeyValues;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * {@link AutoConfiguration} for what the spans of requests say. Spring Boot asks where
 * requests are observed.
 */
@AutoConfiguration(after = RateLimitAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ ObservationFilter.class, ServerRequestObservationContext.class, HttpServletRequest.class })
public final class RateLimitObservationAutoConfiguration {

	@Bean("io.ratelimit.decisionKeyValues")
	DecisionKeyValues rateLimitDecisionKeyValues() {
		return new DecisionKeyValues();
	}

}
