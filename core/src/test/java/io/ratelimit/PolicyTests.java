package io.ratelimit;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PolicyTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "ä", "a\"", "a\n", "x/y", ".", "..",
			"12345678901234567890123456789012345678901234567890123456789012345" })
	void aNameThatCannotBeSentIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Policy.of(name, Limit.valueOf("1/1s")))
			.withMessageContaining("'" + name + "' cannot be the name of a policy");
	}

	@Test
	void limitsAreNamedByThePolicyAndTheirWindow() {
		Policy one = Policy.of("login", Limit.valueOf("5/1m"));
		assertThat(one.nameOf(one.limits().get(0))).isEqualTo("login");
		Policy two = Policy.of("api", Limit.valueOf("10/1s"), Limit.valueOf("1000/1h").withName("hourly"));
		assertThat(two.limits()).extracting(two::nameOf).containsExactly("api-1s", "hourly");
	}

	@Test
	void limitsOfOneNameAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Policy.of("api", Limit.valueOf("10/60s"), Limit.valueOf("9/1m")))
			.withMessageContaining("'api-1m'");
	}

	@Test
	void aPolicyWithoutLimitsIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Policy.of("api", List.of()))
			.withMessageContaining("'api' has no limits");
	}

	@Test
	void capacityIsThatOfTheTightestLimit() {
		assertThat(Policy.of("api", Limit.valueOf("10/1s"), Limit.valueOf("7/1h")).capacity()).isEqualTo(7);
	}

}
