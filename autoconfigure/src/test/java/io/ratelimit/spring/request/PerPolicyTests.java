package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PerPolicyTests {

	private final List<Policy> computed = new ArrayList<>();

	private final PerPolicy<String> texts = new PerPolicy<>((policy) -> {
		this.computed.add(policy);
		return policy.limits().toString();
	});

	@Test
	void aValueIsComputedOnceWhileThePolicyStands() {
		Policy policy = Policy.of("api", Limit.valueOf("1/1m"));
		assertThat(this.texts.of(policy)).isEqualTo("[1/1m]");
		assertThat(this.texts.of(policy)).isEqualTo("[1/1m]");
		assertThat(this.computed).hasSize(1);
		Policy changed = policy.withLimits(List.of(Limit.valueOf("2/1m")));
		assertThat(this.texts.of(changed)).isEqualTo("[2/1m]");
		assertThat(this.computed).hasSize(2);
	}

	@Test
	void policiesThatAreGoneAreDroppedInTheEnd() {
		Policy policy = Policy.of("api", Limit.valueOf("1/1m"));
		this.texts.of(policy);
		for (int i = 0; i < 1000; i++) {
			this.texts.of(Policy.of("p" + i, Limit.valueOf("1/1m")));
		}
		this.texts.of(policy);
		assertThat(this.computed).hasSize(1002);
	}

}
