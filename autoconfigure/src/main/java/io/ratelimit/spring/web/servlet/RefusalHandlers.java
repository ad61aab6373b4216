package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.LimitedResponse;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The handlers of an application, each for the policies that it names, and the one for
 * all others.
 */
final class RefusalHandlers implements RefusalHandler {

	private final Map<String, RefusalHandler> named = new HashMap<>();

	private final RefusalHandler other;

	private final Supplier<Set<String>> plans;

	/**
	 * Creates handlers.
	 * @param named handlers that name policies
	 * @param other handler for all other policies
	 * @param policies names of the policies that there are
	 * @param plans returns the names that plans of policies are counted by
	 * @throws InvalidRateLimitException if a handler names a policy that there is not, or
	 * two of them name one policy
	 */
	RefusalHandlers(List<RefusalHandler> named, RefusalHandler other, Set<String> policies,
			Supplier<Set<String>> plans) {
		this.other = other;
		this.plans = plans;
		for (RefusalHandler handler : named) {
			for (String policy : handler.policies()) {
				if (!policies.contains(policy)) {
					throw invalid(
							"a bean of this type writes the refusals of policy '%s', which there is not: known are %s"
								.formatted(policy, policies),
							"Correct the name.");
				}
				if (this.named.put(policy, handler) != null) {
					throw invalid("two beans of this type write the refusals of policy '%s'".formatted(policy),
							"Leave the policy to one of them.");
				}
			}
		}
	}

	/**
	 * Returns the handlers of an application.
	 * @param beans the beans of the application
	 * @param ours what is written by default
	 * @param limits the policies
	 */
	static RefusalHandlers of(ObjectProvider<RefusalHandler> beans, RefusalHandler ours, RateLimits limits) {
		List<RefusalHandler> all = beans.orderedStream().toList();
		List<RefusalHandler> others = all.stream().filter((handler) -> handler.policies().isEmpty()).toList();
		RefusalHandler primary = beans.getIfUnique();
		RefusalHandler other = others.isEmpty() ? ours : others.get(0);
		if (primary != null && others.contains(primary)) {
			other = primary;
		}
		if (others.size() > 1 && other != primary) {
			throw invalid(
					"%s of them name no policies, and one can write what the others leave".formatted(others.size()),
					"Name policies by RefusalHandler.forPolicies(...), or mark one as @Primary.");
		}
		return new RefusalHandlers(all, other, limits.policies().keySet(), () -> limits.plans().keySet());
	}

	@Override
	public void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException {
		of(refusal).handle(refusal, request, response);
	}

	private RefusalHandler of(Refusal refusal) {
		Decision binding = this.named.isEmpty() ? null : Decision.binding(refusal.decisions());
		if (binding == null) {
			return this.other;
		}
		String policy = binding.policy().name();
		RefusalHandler handler = this.named.get(policy);
		if (handler == null && this.plans.get().contains(policy)) {
			handler = this.named.get(policy.substring(0, policy.lastIndexOf('.')));
		}
		return (handler != null) ? handler : this.other;
	}

	private static InvalidRateLimitException invalid(String description, String action) {
		return new InvalidRateLimitException("The beans of type " + RefusalHandler.class.getName(), description,
				action);
	}

}
