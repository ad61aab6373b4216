package io.ratelimit.spring.autoconfigure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.ratelimit.spring.method.InvalidRateLimitedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConverterNotFoundException;

/**
 * Says which property or method is wrong, why, and what to write instead.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RateLimitFailureAnalyzer implements FailureAnalyzer {

	private static final String SEE = "What can be written stands in docs/reference/configuration.md of Ratelimit.";

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidRateLimitException invalid) {
				return new FailureAnalysis("%s: %s".formatted(invalid.property(), invalid.getMessage()),
						invalid.action(), failure);
			}
			if (cause instanceof InvalidRateLimitedException invalid) {
				return new FailureAnalysis(invalid.getMessage(), invalid.getAction(), failure);
			}
			if (cause instanceof BindException bind && bind.getName().toString().startsWith("ratelimit")) {
				return analyze(bind, failure);
			}
		}
		return null;
	}

	private static FailureAnalysis analyze(BindException bind, Throwable failure) {
		Throwable root = bind;
		for (Throwable cause = bind; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnboundConfigurationPropertiesException unbound) {
				return unknown(unbound, failure);
			}
			root = cause;
		}
		ConfigurationProperty property = bind.getProperty();
		Class<?> target = bind.getTarget().getType().resolve(Object.class);
		String written = (property != null) ? written(property) : bind.getName().toString();
		if (target.isEnum()) {
			return new FailureAnalysis("%s is not known".formatted(written),
					"Write one of: %s.".formatted(constants(target)), failure);
		}
		String reason = (root instanceof ConverterNotFoundException)
				? "it is neither <permits>/<window>, for example 100/1m, nor a block of properties" : root.getMessage();
		return new FailureAnalysis("%s cannot be read: %s".formatted(written, reason), "Correct the value. " + SEE,
				failure);
	}

	private static FailureAnalysis unknown(UnboundConfigurationPropertiesException unbound, Throwable failure) {
		Set<String> written = unbound.getUnboundProperties()
			.stream()
			.map(RateLimitFailureAnalyzer::written)
			.collect(Collectors.toCollection(TreeSet::new));
		return new FailureAnalysis(
				"There is no such property: %s. A limit that is misspelt would be no limit, so nothing is ignored."
					.formatted(String.join(", ", written)),
				"Correct or remove it. A policy has limits, paths, except, methods, key, missing-key, cost, mode and "
						+ "failure-mode. " + SEE,
				failure);
	}

	private static String written(ConfigurationProperty property) {
		String origin = (property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "";
		return "%s = '%s'%s".formatted(property.getName(), property.getValue(), origin);
	}

	private static String constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.joining(", "));
	}

}
