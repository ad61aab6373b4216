package io.ratelimit.spring.expression;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationException;

/**
 * The written form of a key: of bounded length, and beginning with a single tilde only
 * where it is not the plain value of what is counted.
 */
final class KeyText {

	private static final int LONGEST = 128;

	private static final ClassValue<Boolean> written = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			try {
				return type.getMethod("toString").getDeclaringClass() != Object.class;
			}
			catch (NoSuchMethodException ex) {
				return false;
			}
		}

	};

	private KeyText() {
	}

	/**
	 * Returns the key that a value stands for.
	 * @param value what a key expression yields
	 * @return the key, which begins with a single tilde only if it is a hash;
	 * {@code null} if the value says nothing
	 * @throws EvaluationException if the value's text would tell one object from another
	 * instead of one caller from another
	 */
	static @Nullable String of(@Nullable Object value) {
		String text = text(value);
		if (text == null || text.isEmpty()) {
			return null;
		}
		return (text.length() > LONGEST) ? bounded(text) : escaped(text);
	}

	/**
	 * Returns a value in the form in which it cannot be mistaken for a hash or for the
	 * key of another alternative.
	 * @param value the value
	 * @return the value, with one more tilde if it begins with one
	 */
	static String escaped(String value) {
		return value.startsWith("~") ? "~" + value : value;
	}

	/**
	 * Returns a key of bounded length.
	 * @param key the key
	 * @return the key, or its hash if it is longer than 128 characters
	 */
	static String bounded(String key) {
		return (key.length() > LONGEST) ? "~sha256~" + hash(key) : key;
	}

	private static @Nullable String text(@Nullable Object value) {
		if (value == null || value instanceof String) {
			return (String) value;
		}
		if (value instanceof Optional<?> optional) {
			return text(optional.orElse(null));
		}
		if (value.getClass().isArray()) {
			return Arrays.deepToString(new Object[] { value });
		}
		if (!written.get(value.getClass())) {
			throw new EvaluationException(
					"a %s has no toString() of its own to be a key".formatted(value.getClass().getName()));
		}
		return value.toString();
	}

	private static String hash(String text) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java platform has SHA-256", ex);
		}
	}

}
