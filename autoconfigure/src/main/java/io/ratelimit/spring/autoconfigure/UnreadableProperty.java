package io.ratelimit.spring.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.convert.ConverterNotFoundException;

/**
 * Describes what is wrong with a value that cannot be converted.
 */
final class UnreadableProperty {

	private UnreadableProperty() {
	}

	static InvalidRateLimitException exception(BindException failure) {
		Throwable root = failure;
		Throwable reason = failure;
		while (root.getCause() != null) {
			root = root.getCause();
			reason = (root.getClass() == IllegalArgumentException.class) ? root : reason;
		}
		reason = (reason != failure) ? reason : root;
		ConfigurationProperty property = failure.getProperty();
		String written = (property != null) ? WrittenSource.quoted(property) : failure.getName().toString();
		Class<?> target = failure.getTarget().getType().resolve(Object.class);
		if (target.isEnum()) {
			return new InvalidRateLimitException(written, "no such value is known",
					"Write one of: %s.".formatted(constants(target)));
		}
		if (root instanceof UnboundConfigurationPropertiesException unbound) {
			return new InvalidRateLimitException(
					unbound.getUnboundProperties()
						.stream()
						.map(WrittenSource::quoted)
						.collect(Collectors.joining(", ")),
					"a list has no such element, since the one before it is missing in the same place",
					"Number the elements from [0], and write all of them where one of them stands.");
		}
		if (target == boolean.class) {
			return new InvalidRateLimitException(written, "it is neither true nor false", "Write true or false.");
		}
		if (root instanceof NumberFormatException
				|| (target.isPrimitive() && String.valueOf(value(property)).isBlank())) {
			return new InvalidRateLimitException(written, "it is not a number", "Write digits only.");
		}
		return new InvalidRateLimitException(written, (root instanceof ConverterNotFoundException)
				? unconvertible(target) : String.valueOf(reason.getMessage()), "Correct the value.");
	}

	private static String unconvertible(Class<?> target) {
		return (PropertyTypes.isLimit(target) || List.class.isAssignableFrom(target))
				? "it is neither <permits>/<window>, for example 100/1m, nor a block of properties"
				: "it cannot be read as a " + target.getSimpleName();
	}

	private static @Nullable Object value(@Nullable ConfigurationProperty property) {
		return (property != null) ? property.getValue() : null;
	}

	private static String constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.joining(", "));
	}

}
