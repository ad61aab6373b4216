package io.ratelimit.spring.autoconfigure;

import java.util.List;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.spring.method.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * An application of WebFlux. A method does not see the request that surrounds a call, so
 * no key comes from it, and the threads of such an application must not wait.
 */
final class ReactiveCallContext implements CallContext {

	private static final String GLOBAL = "global";

	private static final WaitingRoom NO_ROOM = new WaitingRoom() {

		@Override
		public boolean enter() {
			return false;
		}

		@Override
		public void leave() {
		}

	};

	private final ConfiguredPolicies policies;

	ReactiveCallContext(ConfiguredPolicies policies) {
		this.policies = policies;
	}

	@Override
	public CallKey key(String policy, @Nullable String key) {
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
	public CallKey keyWhenMissing(String policy) {
		return () -> GLOBAL;
	}

	@Override
	public Policy policy(String name, List<Limit> limits) {
		return this.policies.inPlace(name, limits);
	}

	@Override
	public boolean threadsMayWait() {
		return false;
	}

	@Override
	public WaitingRoom waitingRoom() {
		return NO_ROOM;
	}

}
