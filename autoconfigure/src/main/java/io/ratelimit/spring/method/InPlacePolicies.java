package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;

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

	private final Map<Origin, InPlace> policies = new LinkedHashMap<>();

	/**
	 * Returns the limiter of an annotation, and registers its policy if need be.
	 * @throws IllegalArgumentException if the limits do not go together
	 */
	synchronized Limiter limiter(Declaration declaration, List<Limit> limits, RateLimits registry,
			CallContext context) {
		Origin origin = new Origin(declaration.element(), declaration.index());
		InPlace known = this.policies.get(origin);
		if (known == null) {
			Set<String> taken = registry.policies().keySet();
			int attempt = 0;
			String name = name(origin, limits, attempt);
			while (taken.contains(name)) {
				name = name(origin, limits, ++attempt);
			}
			Policy policy = context.policy(name, limits);
			known = new InPlace(declaration, policy, registry.register(policy));
			this.policies.put(origin, known);
		}
		return known.limiter();
	}

	/**
	 * Returns the policies by their annotations, as they were last read there.
	 */
	synchronized Map<Declaration, Policy> policies() {
		Map<Declaration, Policy> policies = new LinkedHashMap<>();
		this.policies.values().forEach((each) -> policies.put(each.declaration(), each.policy()));
		return policies;
	}

	/**
	 * Puts what an annotation says now in force.
	 */
	synchronized void replace(Declaration declaration, Policy policy, RateLimits registry) {
		this.policies.put(new Origin(declaration.element(), declaration.index()),
				new InPlace(declaration, policy, registry.register(policy)));
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

	/*
	 * The policy is what the annotation says, which an operator may have changed since.
	 */
	private record InPlace(Declaration declaration, Policy policy, Limiter limiter) {
	}

	private record Origin(AnnotatedElement element, int index) {
	}

}
