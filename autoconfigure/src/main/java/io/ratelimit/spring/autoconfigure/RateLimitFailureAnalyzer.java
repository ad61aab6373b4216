package io.ratelimit.spring.autoconfigure;

import java.net.URL;

import io.ratelimit.spring.method.InvalidRateLimitedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says which property or method is wrong, why, and what to write instead.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RateLimitFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidRateLimitException invalid) {
				return new FailureAnalysis("%s: %s".formatted(invalid.property(), invalid.getMessage()),
						invalid.action() + see("configuration"), failure);
			}
			if (cause instanceof InvalidRateLimitedException invalid) {
				return new FailureAnalysis(invalid.getMessage(), invalid.getAction() + see("annotation"), failure);
			}
		}
		return null;
	}

	/**
	 * The reference is part of the jar, so that the reader has the one of this version.
	 */
	private static String see(String page) {
		URL url = RateLimitFailureAnalyzer.class.getResource("/META-INF/ratelimit/" + page + ".md");
		return (url != null) ? "\n\nAll that can be written: " + url : "";
	}

}
