package io.ratelimit.spring.autoconfigure;

import java.net.URL;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Describes which property or method is wrong, why, and what to write instead.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RateLimitFailureAnalyzer implements FailureAnalyzer {

	private final Environment environment;

	RateLimitFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidRateLimitException invalid) {
				return new FailureAnalysis(invalid.getMessage() + written(invalid.place()),
						invalid.action() + see(invalid.reference()), failure);
			}
		}
		return null;
	}

	/**
	 * Returns what is written as a property and where, unless its name says so already.
	 */
	private String written(String property) {
		ConfigurationPropertyName name = property.matches("ratelimit[^ =]+")
				? ConfigurationPropertyName.adapt(property, '.') : ConfigurationPropertyName.EMPTY;
		if (name.getNumberOfElements() < 2) {
			return "";
		}
		String written = WrittenPlace.of(name, WrittenSource.all(ConfigurationPropertySources.get(this.environment)));
		return written.isEmpty() ? "" : "\n\nIt stands in " + written;
	}

	/**
	 * The reference is part of the jar, so that the reader has the one of this version.
	 */
	private static String see(String page) {
		URL url = RateLimitFailureAnalyzer.class.getResource("/META-INF/ratelimit/" + page + ".md");
		return (url != null) ? "\n\nAll that can be written: " + url : "";
	}

}
