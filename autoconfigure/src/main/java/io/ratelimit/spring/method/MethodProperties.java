package io.ratelimit.spring.method;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.AdviceMode;

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
	 * @param order Order of the advice among that of proxies. By default outside
	 * transactions and caching.
	 * @param mode What annotated methods are advised by: proxies, or the aspect of
	 * ratelimit-aspects.
	 */
	record Method(@Nullable Integer order, @DefaultValue("proxy") AdviceMode mode) {
	}

}
