package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.LivePolicies;

import org.springframework.util.StringValueResolver;

/**
 * The policies that annotations name, or whose limits they state in place: of the latter
 * one for each annotation, however many beans it is found through.
 */
final class DeclaredPolicies {

	private final Supplier<RateLimits> registry;

	private final Supplier<LivePolicies> policies;

	private final StringValueResolver placeholders;

	/** Guarded by itself. */
	private final Map<Origin, Limiter> inPlace = new HashMap<>();

	DeclaredPolicies(Supplier<RateLimits> registry, Supplier<LivePolicies> policies, StringValueResolver placeholders) {
		this.registry = registry;
		this.policies = policies;
		this.placeholders = placeholders;
	}

	/**
	 * Returns the limiter of an annotation.
	 * @param method the method that it applies to
	 * @throws InvalidRateLimitException if there is no such policy, or the limits cannot
	 * be used
	 */
	Limiter limiter(Declaration declaration, Method method) {
		return declaration.limits().isEmpty() ? named(declaration, method) : inPlace(declaration);
	}

	/**
	 * Returns the limiter of the policy that an annotation names.
	 * @throws InvalidRateLimitException if there is none
	 */
	Limiter named(Declaration declaration, Method method) {
		RateLimits registry = this.registry.get();
		try {
			return registry.limiter(declaration.policy());
		}
		catch (IllegalArgumentException ex) {
			throw Declaration.invalid(method,
					"@RateLimited(\"%s\"): %s".formatted(declaration.policy(), ex.getMessage()),
					unknownAction(declaration.policy(), registry.policies().keySet()), ex);
		}
	}

	private static String unknownAction(String policy, Set<String> known) {
		try {
			return "Write it as limits = \"%s\", since a value alone names a policy".formatted(Limit.valueOf(policy));
		}
		catch (IllegalArgumentException ex) {
			String folded = folded(policy);
			return known.stream()
				.filter((name) -> !folded.isEmpty() && folded(name).equals(folded))
				.findFirst()
				.map("Did you mean \"%s\"? Write the name as the configuration has it"::formatted)
				.orElse("Correct the name, or add ratelimit.policies.%s to the configuration".formatted(policy));
		}
	}

	private static String folded(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
	}

	private Limiter inPlace(Declaration declaration) {
		RateLimits registry = this.registry.get();
		LivePolicies policies = this.policies.get();
		Origin origin = new Origin(declaration.element(), declaration.index());
		synchronized (this.inPlace) {
			Limiter known = this.inPlace.get(origin);
			if (known == null) {
				known = policies.inPlace((limits) -> InPlaceNames.of(declaration, limits, registry.policies().keySet()),
						Declaration.nameOf(declaration.element()), declaration.limits(), () -> limits(declaration));
				this.inPlace.put(origin, known);
			}
			return known;
		}
	}

	private List<Limit> limits(Declaration declaration) {
		String text = this.placeholders.resolveStringValue(declaration.limits());
		return Limit.valuesOf((text != null) ? text : "");
	}

	private record Origin(AnnotatedElement element, int index) {
	}

}
