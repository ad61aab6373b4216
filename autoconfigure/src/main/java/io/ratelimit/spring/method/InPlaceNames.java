package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import io.ratelimit.Limit;

/**
 * The names of policies whose limits are stated in place.
 */
/*
 * A name is the simple name of the class, that of the method, and six digits of a hash of
 * everything that tells the annotation from others. It is the same on every node and in
 * every release, since counts in a shared store are kept by it.
 */
final class InPlaceNames {

	private static final int LONGEST_NAME = 64;

	private static final int DIGITS = 6;

	private InPlaceNames() {
	}

	/**
	 * Returns the name for the limits of an annotation.
	 * @param taken the names that other policies have
	 */
	static String of(Declaration declaration, List<Limit> limits, Set<String> taken) {
		int attempt = 0;
		String name = name(declaration, limits, attempt);
		while (taken.contains(name)) {
			name = name(declaration, limits, ++attempt);
		}
		return name;
	}

	private static String name(Declaration declaration, List<Limit> limits, int attempt) {
		int room = LONGEST_NAME - 1 - DIGITS;
		if (limits.size() > 1) {
			room -= 1 + limits.stream().mapToInt((limit) -> limit.windowText().length()).max().orElse(0);
		}
		String element = simpleName(declaration.element());
		String identity = identity(declaration) + ((attempt > 0) ? "+" + attempt : "");
		return element.substring(0, Math.min(element.length(), room)) + "-" + hash(identity);
	}

	private static String simpleName(AnnotatedElement element) {
		String name = (element instanceof Method method)
				? method.getDeclaringClass().getSimpleName() + "." + method.getName()
				: ((Class<?>) element).getSimpleName();
		return name.replaceAll("[^A-Za-z0-9._-]", "_");
	}

	private static String identity(Declaration declaration) {
		String element = (declaration.element() instanceof Method method)
				? method.getDeclaringClass().getName() + "." + method.getName()
						+ Arrays.stream(method.getParameterTypes()).map(Class::getName).toList()
				: ((Class<?>) declaration.element()).getName();
		return element + "#" + declaration.index();
	}

	private static String hash(String identity) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, DIGITS / 2);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java platform has SHA-256", ex);
		}
	}

}
