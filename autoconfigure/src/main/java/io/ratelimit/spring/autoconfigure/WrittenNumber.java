package io.ratelimit.spring.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;

/**
 * Numbers as they stand in YAML, which reads some of them differently: {@code 010} is
 * eight, and {@code 1:30} is ninety.
 */
final class WrittenNumber {

	private static final Pattern TOKEN = Pattern.compile("[^\\s,}\\]#]+");

	private static final Pattern SURPRISING = Pattern.compile("[+-]?0[\\d_]+|.*:.*");

	private WrittenNumber() {
	}

	/**
	 * Returns a value as it is written in its file, as far as that is known.
	 */
	static String text(ConfigurationProperty property) {
		String written = (property.getValue() instanceof Number) ? read(property) : null;
		return (written != null) ? written : String.valueOf(property.getValue());
	}

	/**
	 * Refuses numbers that are not what they look like.
	 * @throws InvalidRateLimitException if there is one
	 */
	static void requireNoSurprise(List<WrittenSource> sources) {
		for (WrittenSource source : sources) {
			for (ConfigurationPropertyName name : source.names()) {
				ConfigurationProperty property = source.property(name);
				String text = text(property);
				if (isCut(property)) {
					throw new InvalidRateLimitException(WrittenSource.quoted(property), "it is not a whole number",
							"Write digits only.");
				}
				if (property.getValue() instanceof Number number && SURPRISING.matcher(text).matches()) {
					throw new InvalidRateLimitException(WrittenSource.quoted(property),
							"YAML reads %s as the number %s".formatted(text, number),
							"Write a decimal number without a zero before it; and a time with its unit, such as 90s.");
				}
			}
		}
	}

	/**
	 * Returns whether a number would lose its fraction. A cost may have one.
	 */
	private static boolean isCut(ConfigurationProperty property) {
		return property.getValue() instanceof Number number && number.doubleValue() != Math.rint(number.doubleValue())
				&& !property.getName().getLastElement(Form.UNIFORM).equals("cost");
	}

	private static @Nullable String read(ConfigurationProperty property) {
		Origin innermost = property.getOrigin();
		if (innermost instanceof OriginProvider provider) {
			innermost = provider.getOrigin();
		}
		if (innermost instanceof TextResourceOrigin origin && origin.getResource() != null
				&& origin.getLocation() != null) {
			try (BufferedReader reader = new BufferedReader(
					new InputStreamReader(origin.getResource().getInputStream(), StandardCharsets.UTF_8))) {
				String line = reader.lines().skip(origin.getLocation().getLine()).findFirst().orElse("");
				Matcher token = TOKEN.matcher(line);
				if (token.find(Math.min(origin.getLocation().getColumn(), line.length()))) {
					return token.group();
				}
			}
			catch (IOException ex) {
				return null;
			}
		}
		return null;
	}

}
