package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.ratelimit.Limit;
import io.ratelimit.RateLimiter;
import io.ratelimit.RateLimiterRegistry;

/**
 * The policies of limits that are stated in place: one for each annotation, however many
 * beans it is found through.
 */
/*
 * A name is the simple name of the class, that of the method, and six digits of a hash of
 * everything that tells the annotation from others. It is the same on every node and in
 * every release, since counts in a shared store are kept by it.
 */
final class InPlacePolicies {

	private static final int LONGEST_NAME = 64;

	private static final int DIGITS = 6;

	private final Map<Origin, RateLimiter> limiters = new HashMap<>();

	/**
	 * Returns the limiter of an annotation, and registers its policy if need be.
	 * @throws IllegalArgumentException if the limits do not go together
	 */
	synchronized RateLimiter limiter(Declaration declaration, List<Limit> limits, RateLimiterRegistry registry,
			CallContext context) {
		Origin origin = new Origin(declaration.element(), declaration.index());
		RateLimiter limiter = this.limiters.get(origin);
		if (limiter == null) {
			Set<String> taken = registry.policies().keySet();
			int attempt = 0;
			String name = name(origin, limits, attempt);
			while (taken.contains(name)) {
				name = name(origin, limits, ++attempt);
			}
			limiter = registry.register(context.policy(name, limits));
			this.limiters.put(origin, limiter);
		}
		return limiter;
	}

	private static String name(Origin origin, List<Limit> limits, int attempt) {
		int room = LONGEST_NAME - 1 - DIGITS;
		if (limits.size() > 1) {
			room -= 1 + limits.stream().mapToInt((limit) -> limit.windowText().length()).max().orElse(0);
		}
		String element = simpleName(origin.element());
		String identity = identity(origin) + ((attempt > 0) ? "+" + attempt : "");
		return element.substring(0, Math.min(element.length(), room)) + "-" + hash(identity);
	}

	private static String simpleName(AnnotatedElement element) {
		String name = (element instanceof Method method)
				? method.getDeclaringClass().getSimpleName() + "." + method.getName()
				: ((Class<?>) element).getSimpleName();
		return name.replaceAll("[^A-Za-z0-9._-]", "_");
	}

	private static String identity(Origin origin) {
		String element = (origin.element() instanceof Method method)
				? method.getDeclaringClass().getName() + "." + method.getName()
						+ Arrays.stream(method.getParameterTypes()).map(Class::getName).toList()
				: ((Class<?>) origin.element()).getName();
		return element + "#" + origin.index();
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

	private record Origin(AnnotatedElement element, int index) {
	}

}
