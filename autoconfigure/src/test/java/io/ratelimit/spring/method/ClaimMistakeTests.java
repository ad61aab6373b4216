package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;

import static io.ratelimit.spring.method.LimitedApplication.mistake;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys and costs of annotations that cannot work.
 */
class ClaimMistakeTests {

	private static final String HERE = ClaimMistakeTests.class.getName() + "$";

	@Test
	void keyOverAParameterThatDoesNotExistStopsTheStart() {
		InvalidRateLimitException mistake = mistake(UnknownParameter.class);
		assertThat(mistake)
			.hasMessage(HERE + "UnknownParameter.run(String): key = \"#usr.name\": '#usr.name' cannot be "
					+ "evaluated: there is no #usr: known are [#user, #a0, #p0]");
		assertThat(mistake.action()).contains("#a0");
	}

	@Test
	void keyOfATypeThatOneOfItsMethodsCannotHaveStopsTheStartAndNamesThatMethod() {
		assertThat(mistake(KeyOfType.class)).hasMessageStartingWith(HERE + "KeyOfType.without(): key = \"#user\": ");
	}

	@Test
	void keyThatDoesNotParseStopsTheStart() {
		assertThat(mistake(BadExpression.class)).hasMessageStartingWith(
				HERE + "BadExpression.run(String): key = \"#user.\": '#user.' is not an expression");
	}

	@Test
	void unknownKeyStopsTheStart() {
		assertThat(mistake(UnknownKey.class))
			.hasMessage(HERE + "UnknownKey.run(): key = \"nonsense\": 'nonsense' is not a key: use principal or ip");
	}

	@Test
	void permitsOfZeroStopTheStart() {
		assertThat(mistake(ZeroPermits.class)).hasMessage(HERE + "ZeroPermits.run(): cost = \"0\": a call can take at "
				+ "least 1 and at most 2, as policy 'two' is [2/1m]");
	}

	@Test
	void morePermitsThanTheLimitHoldsStopTheStart() {
		InvalidRateLimitException mistake = mistake(TooManyPermits.class);
		assertThat(mistake).hasMessageContaining("TooManyPermits.run(): cost = \"3\"")
			.hasMessageContaining("at most 2, as policy 'two' is [2/1m]");
		assertThat(mistake.action()).isEqualTo("Take fewer permits, or raise the limit.");
		assertThat(mistake(FarTooManyPermits.class)).hasMessageContaining("cost = \"99999999999999999999\"");
	}

	@Test
	void permitsOverAParameterThatDoesNotExistStopTheStart() {
		assertThat(mistake(BadPermits.class)).hasMessageStartingWith(
				HERE + "BadPermits.run(String): cost = \"items.size()\": 'items.size()' cannot be evaluated");
	}

	static class UnknownParameter {

		@RateLimited(policy = "one", key = "#usr.name")
		public void run(String user) {
		}

	}

	@RateLimited(policy = "one", key = "#user")
	static class KeyOfType {

		public void with(String user) {
		}

		public void without() {
		}

	}

	static class BadExpression {

		@RateLimited(policy = "one", key = "#user.")
		public void run(String user) {
		}

	}

	static class UnknownKey {

		@RateLimited(policy = "one", key = "nonsense")
		public void run() {
		}

	}

	static class ZeroPermits {

		@RateLimited(policy = "two", cost = "0")
		public void run() {
		}

	}

	static class TooManyPermits {

		@RateLimited(policy = "two", cost = "3")
		public void run() {
		}

	}

	static class FarTooManyPermits {

		@RateLimited(policy = "two", cost = "99999999999999999999")
		public void run() {
		}

	}

	static class BadPermits {

		@RateLimited(policy = "two", cost = "items.size()")
		public void run(String items) {
		}

	}

}
