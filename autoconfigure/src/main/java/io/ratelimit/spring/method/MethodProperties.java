package io.ratelimit.spring.method;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits on annotated methods, as they stand in configuration.
 *
 * @param method Limits on annotated methods.
 */
@ConfigurationProperties("ratelimit")
record MethodProperties(@DefaultValue Method method) {

	/**
	 * Limits on annotated methods.
	 *
	 * @param order Order of the advice. By default outside transactions and caching.
	 */
	record Method(@Nullable Integer order) {
	}

}
