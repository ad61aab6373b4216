package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields for policies in shadow mode as if those were enforced.
 */
final class ShadowHeaders implements HeaderFields {

	private final PerPolicy<Policy> enforced = new PerPolicy<>((policy) -> policy.withMode(Mode.ENFORCE));

	private final HeaderFields fields;

	ShadowHeaders(HeaderFields fields) {
		this.fields = fields;
	}

	@Override
	public void write(List<Decision> decisions, BiConsumer<String, String> response) {
		List<Decision> shown = new ArrayList<>(decisions.size());
		for (Decision decision : decisions) {
			shown.add((decision.policy().mode() == Mode.SHADOW)
					? enforced(decision, this.enforced.of(decision.policy())) : decision);
		}
		this.fields.write(shown, response);
	}

	private static Decision enforced(Decision decision, Policy policy) {
		@Nullable Decision next = decision.next();
		return new Decision(decision.allowed(), decision.counted(), policy, decision.limit(), decision.remaining(),
				decision.waitNanos(), decision.resetAfterNanos(), (next != null) ? enforced(next, policy) : null);
	}

}
