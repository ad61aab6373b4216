package io.ratelimit.spring.policy;

import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of applications without requests, where a path limits nothing.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnNotWebApplication
class NoWebConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(NoWebConfiguration.class);

	NoWebConfiguration(PolicySet policies) {
		List<String> guarding = policies.guards()
			.entrySet()
			.stream()
			.filter((entry) -> !entry.getValue().paths().isEmpty())
			.map(Map.Entry::getKey)
			.toList();
		if (!guarding.isEmpty()) {
			logger.warn("Policies {} have paths, and this is no web application: they limit annotated methods only",
					guarding);
		}
	}

}
