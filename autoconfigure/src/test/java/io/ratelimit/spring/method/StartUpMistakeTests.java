package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;

import static io.ratelimit.spring.method.LimitedApplication.mistake;
import static org.assertj.core.api.Assertions.assertThat;

class StartUpMistakeTests {

	private static final String HERE = StartUpMistakeTests.class.getName() + "$";

	@Test
	void unknownPolicyStopsTheStartAndNamesTheMethod() {
		InvalidRateLimitException mistake = mistake(UnknownPolicy.class);
		assertThat(mistake).hasMessage(HERE + "UnknownPolicy.run(String, int[]): @RateLimited(\"gone\"): "
				+ "there is no policy 'gone': known are [off, one, shadow, slow, slowest, slowest-shadow, two]");
		assertThat(mistake.action())
			.isEqualTo("Correct the name, or add ratelimit.policies.gone to the configuration.");
	}

	@Test
	void policyThatIsSpelledInAnotherWayIsSuggested() {
		assertThat(mistake(UpperCasePolicy.class).action())
			.isEqualTo("Did you mean \"two\"? Write the name as the configuration has it.");
		assertThat(mistake(DashedPolicy.class).action()).startsWith("Did you mean \"slowest-shadow\"?");
		assertThat(mistake(BlankPolicy.class).action()).startsWith("Correct the name");
	}

	@Test
	void twoPoliciesStopTheStart() {
		assertThat(mistake(TwoPolicies.class)).hasMessage(
				HERE + "TwoPolicies.run(): @RateLimited names two policies, value = \"one\" and policy = \"two\"");
	}

	@Test
	void neitherPolicyNorLimitStopsTheStart() {
		InvalidRateLimitException mistake = mistake(Neither.class);
		assertThat(mistake).hasMessage(HERE + "Neither.run(): @RateLimited says neither which policy nor what limit");
		assertThat(mistake.action()).contains("@RateLimited(\"exports\")", "@RateLimited(limits = \"5/1m\")");
	}

	@Test
	void policyAndLimitStopTheStart() {
		assertThat(mistake(Both.class))
			.hasMessage(HERE + "Both.run(): @RateLimited has both a policy (\"one\") and a limit in place (\"5/1m\")");
	}

	@Test
	void disabledBesideOtherAttributesStopsTheStart() {
		assertThat(mistake(DisabledAndMore.class))
			.hasMessage(HERE + "DisabledAndMore: @RateLimited has disabled = true beside other attributes");
	}

	@Test
	void disabledBesideAnotherAnnotationStopsTheStart() {
		assertThat(mistake(DisabledAndAnother.class)).hasMessage(
				HERE + "DisabledAndAnother.run(): @RateLimited has disabled = true beside another @RateLimited");
	}

	@Test
	void limitThatIsNoneStopsTheStartAndIsQuoted() {
		InvalidRateLimitException mistake = mistake(BadLimit.class);
		assertThat(mistake).hasMessageStartingWith(HERE + "BadLimit.run(): limits = \"5/1m, 9 apples\": ")
			.hasMessageContaining("'9 apples' is not a limit");
		assertThat(mistake.action()).contains("100/1m");
	}

	@Test
	void twoLimitsOfOneNameStopTheStart() {
		assertThat(mistake(SameLimits.class)).hasMessageStartingWith(HERE + "SameLimits: limits = \"5/1m,6/1m\": ");
	}

	@Test
	void unresolvedPlaceholderStopsTheStart() {
		assertThat(mistake(Placeholder.class))
			.hasMessageStartingWith(HERE + "Placeholder.run(): limits = \"${gone}\": ")
			.hasMessageContaining("gone");
	}

	@Test
	void finalMethodStopsTheStart() {
		InvalidRateLimitException mistake = mistake(FinalMethod.class);
		assertThat(mistake)
			.hasMessage(HERE + "FinalMethod.run(): a final method cannot be limited, since no proxy can intercept it");
		assertThat(mistake.action()).startsWith("Make the method non-final");
	}

	@Test
	void finalMethodOfALimitedTypeStopsTheStart() {
		assertThat(mistake(FinalMethodOfType.class)).hasMessageStartingWith(HERE + "FinalMethodOfType.run(): a final");
	}

	@Test
	void privateMethodStopsTheStart() {
		assertThat(mistake(PrivateMethod.class)).hasMessageStartingWith(HERE + "PrivateMethod.run(): a private method");
	}

	@Test
	void staticMethodStopsTheStart() {
		assertThat(mistake(StaticMethod.class)).hasMessageStartingWith(HERE + "StaticMethod.run(): a static method");
	}

	@Test
	void finalClassWithoutInterfaceStopsTheStart() {
		InvalidRateLimitException mistake = mistake(FinalClass.class);
		assertThat(mistake)
			.hasMessage(HERE + "FinalClass: a final class cannot be limited, since a proxy is a subclass of it");
		assertThat(mistake.action()).doesNotContain("interfaces");
	}

	static class UnknownPolicy {

		@RateLimited("gone")
		public void run(String first, int[] second) {
		}

	}

	static class TwoPolicies {

		@RateLimited(value = "one", policy = "two")
		public void run() {
		}

	}

	static class Neither {

		@RateLimited(key = "ip")
		public void run() {
		}

	}

	static class Both {

		@RateLimited(value = "one", limits = "5/1m")
		public void run() {
		}

	}

	@RateLimited(disabled = true, key = "ip")
	static class DisabledAndMore {

		public void run() {
		}

	}

	static class DisabledAndAnother {

		@RateLimited("one")
		@RateLimited(disabled = true)
		public void run() {
		}

	}

	static class BadLimit {

		@RateLimited(limits = "5/1m, 9 apples")
		public void run() {
		}

	}

	@RateLimited(limits = "5/1m,6/1m")
	static class SameLimits {

		public void run() {
		}

	}

	static class Placeholder {

		@RateLimited(limits = "${gone}")
		public void run() {
		}

	}

	static class FinalMethod {

		@RateLimited("one")
		public final void run() {
		}

	}

	@RateLimited("one")
	static class FinalMethodOfType {

		protected final void run() {
		}

	}

	static class PrivateMethod {

		@RateLimited("one")
		@SuppressWarnings("UnusedMethod")
		private void run() {
		}

	}

	static class StaticMethod {

		@RateLimited("one")
		public static void run() {
		}

	}

	@RateLimited("one")
	static final class FinalClass {

		public void run() {
		}

	}

	static class UpperCasePolicy {

		@RateLimited("TWO")
		public void run() {
		}

	}

	static class DashedPolicy {

		@RateLimited(policy = "slowestShadow")
		public void run() {
		}

	}

	static class BlankPolicy {

		@RateLimited("-")
		public void run() {
		}

	}

}
