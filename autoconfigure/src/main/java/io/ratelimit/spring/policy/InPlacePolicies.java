package io.ratelimit.spring.policy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies whose limits are stated in annotations. They are read again with the
 * configuration, as they may have placeholders.
 */
final class InPlacePolicies {

	private static final Logger logger = LoggerFactory.getLogger(InPlacePolicies.class);

	private static final String ACTION = "Write <permits>/<window>, as in 100/1m or 10/s, several separated by commas; "
			+ "placeholders are possible.";

	private final Map<String, InPlace> policies = new ConcurrentHashMap<>();

	private final RateLimits limits;

	private final PolicyUsers users;

	InPlacePolicies(RateLimits limits, PolicyUsers users) {
		this.limits = limits;
		this.users = users;
	}

	/**
	 * Puts a policy in force.
	 * @param name makes the name of the policy for its limits
	 * @param policies makes a policy of a name and limits
	 * @throws InvalidRateLimitException if the limits cannot be used
	 */
	Limiter add(Function<List<Limit>, String> name, Place place, BiFunction<String, List<Limit>, Policy> policies) {
		try {
			List<Limit> limits = place.limits().get();
			Policy policy = policies.apply(name.apply(limits), limits);
			Limiter limiter = this.limits.register(policy);
			this.policies.put(policy.name(), new InPlace(place, policy));
			return limiter;
		}
		catch (IllegalArgumentException ex) {
			throw place.invalid(ex);
		}
	}

	/**
	 * Reads all limits again.
	 * @param policies makes a policy of a name and limits
	 * @return run to put those that have changed in force
	 * @throws InvalidRateLimitException if one of them cannot be used
	 */
	Runnable prepare(BiFunction<String, List<Limit>, Policy> policies) {
		List<InPlace> changed = this.policies.values()
			.stream()
			.map((former) -> new InPlace(former.place(), readAgain(former, policies)))
			.filter((now) -> !now.equals(this.policies.get(now.policy().name())))
			.toList();
		return () -> changed.forEach((now) -> {
			Policy policy = now.policy();
			this.limits.register(policy);
			this.policies.put(policy.name(), now);
			logger.info("Policy '{}' is now {}, as {} says", policy.name(),
					policy.limits().stream().map(Limit::toString).toList(), now.place().element());
		});
	}

	private Policy readAgain(InPlace former, BiFunction<String, List<Limit>, Policy> policies) {
		try {
			Policy policy = policies.apply(former.policy().name(), former.place().limits().get());
			this.limits.check(policy);
			this.users.requireRoom(policy, 0);
			return policy;
		}
		catch (IllegalArgumentException ex) {
			throw former.place().invalid(ex);
		}
	}

	/**
	 * Where limits are stated.
	 *
	 * @param element the annotated method or type, as people write it
	 * @param text the limits as they are written
	 * @param limits reads the limits as they are now
	 */
	record Place(String element, String text, Supplier<List<Limit>> limits) {

		InvalidRateLimitException invalid(IllegalArgumentException cause) {
			return InvalidRateLimitException.ofAnnotation(this.element,
					"limits = \"%s\": %s".formatted(this.text, cause.getMessage()), ACTION, cause);
		}

	}

	/*
	 * The policy is what the annotation says, which an operator may have changed since.
	 */
	private record InPlace(Place place, Policy policy) {
	}

}
