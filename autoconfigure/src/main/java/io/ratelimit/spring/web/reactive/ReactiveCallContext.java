package io.ratelimit.spring.web.reactive;

import java.util.function.Supplier;

import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.policy.LivePolicies;
import org.jspecify.annotations.Nullable;

/**
 * An application of WebFlux. A method does not see the request that surrounds a call, so
 * no key comes from it, and the threads of such an application must not wait.
 */
final class ReactiveCallContext implements CallContext {

	private static final String GLOBAL = "global";

	private final LivePolicies policies;

	ReactiveCallContext(LivePolicies policies) {
		this.policies = policies;
	}

	@Override
	public Supplier<@Nullable String> key(String policy, @Nullable String key) {
		String text = ((key != null) ? key : this.policies.guard(policy).key()).strip();
		if (!text.equals(GLOBAL)) {
			throw new IllegalArgumentException(
					("the key '%s' of policy '%s' comes from an HTTP request, which no method of a reactive application "
							+ "sees: all calls would be counted together. Write an expression over the parameters in the "
							+ "annotation, such as key = \"#id\", or key = \"global\" if all calls are meant")
						.formatted(text, policy));
		}
		return () -> GLOBAL;
	}

	@Override
	public Supplier<@Nullable String> keyWhenMissing(String policy) {
		return () -> GLOBAL;
	}

	@Override
	public boolean threadsMayWait() {
		return false;
	}

	@Override
	public @Nullable Runnable beginWait() {
		return null;
	}

}
