package io.ratelimit.spring.autoconfigure;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.convert.ConverterNotFoundException;

/**
 * Says what is wrong with a value that cannot be converted.
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
		if (root instanceof NumberFormatException) {
			return new InvalidRateLimitException(written, "it is not a number", "Write digits only.");
		}
		return new InvalidRateLimitException(written,
				(root instanceof ConverterNotFoundException)
						? "it is neither <permits>/<window>, for example 100/1m, nor a block of properties"
						: String.valueOf(reason.getMessage()),
				"Correct the value.");
	}

	private static String constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.joining(", "));
	}

}
