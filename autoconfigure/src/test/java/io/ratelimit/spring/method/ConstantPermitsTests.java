package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static io.ratelimit.spring.method.LimitedApplication.mistake;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Expressions whose value is known at the start.
 */
class ConstantPermitsTests {

	private static final String HERE = ConstantPermitsTests.class.getName() + "$";

	@Test
	void constantBeyondTheLimitStopsTheStart() {
		InvalidRateLimitException mistake = mistake(Exponent.class);
		assertThat(mistake)
			.hasMessageStartingWith(HERE
					+ "Exponent.run(): cost = \"1e3\" is 1000: a call can take at least 1 and at most 4, as policy '")
			.hasMessageEndingWith("' is [4/1m]");
		assertThat(mistake.action()).isEqualTo("Take fewer permits, or raise the limit.");
		assertThat(mistake(Sum.class)).hasMessageContaining("cost = \"1 + 5\" is 6: a call can take");
	}

	@Test
	void constantOfZeroOrLessStopsTheStart() {
		assertThat(mistake(Zero.class)).hasMessageContaining("cost = \"1 - 1\" is 0: a call can take at least 1");
		assertThat(mistake(Negative.class)).hasMessageContaining("cost = \"2 - 3\": a cost below zero");
	}

	@Test
	void constantThatIsNoNumberStopsTheStart() {
		InvalidRateLimitException mistake = mistake(Text.class);
		assertThat(mistake).hasMessageContaining("cost = \"'a'\": a java.lang.String is no number");
		assertThat(mistake.action()).contains("#items.size()");
		assertThat(mistake(Nothing.class)).hasMessageContaining("cost = \"null\": null is no number");
		assertThat(mistake(Division.class)).hasMessageContaining("cost = \"1 / 0\": it fails");
	}

	@Test
	void constantWithinTheLimitIsRoundedUp() {
		try (LimitedApplication application = new LimitedApplication(Half.class)) {
			Half bean = application.bean(Half.class);
			bean.run();
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void expressionsThatMayChangeAreNotEvaluatedAtTheStart() {
		try (LimitedApplication application = new LimitedApplication(Changing.class)) {
			assertThat(Changing.evaluated).isZero();
			application.bean(Changing.class).byType();
			application.bean(Changing.class).byBean();
			assertThat(Changing.evaluated).isEqualTo(2);
		}
	}

	static class Exponent {

		@RateLimited(limits = "4/1m", cost = "1e3")
		public void run() {
		}

	}

	static class Sum {

		@RateLimited(limits = "4/1m", cost = "1 + 5")
		public void run() {
		}

	}

	static class Zero {

		@RateLimited(limits = "4/1m", cost = "1 - 1")
		public void run() {
		}

	}

	static class Negative {

		@RateLimited(limits = "4/1m", cost = "2 - 3")
		public void run() {
		}

	}

	static class Text {

		@RateLimited(limits = "4/1m", cost = "'a'")
		public void run() {
		}

	}

	static class Nothing {

		@RateLimited(limits = "4/1m", cost = "null")
		public void run() {
		}

	}

	static class Division {

		@RateLimited(limits = "4/1m", cost = "1 / 0")
		public void run() {
		}

	}

	static class Half {

		@RateLimited(limits = "4/1m", cost = "1.5")
		public void run() {
		}

	}

	public static class Changing {

		static int evaluated;

		@RateLimited(limits = "4/1m", cost = "T(io.ratelimit.spring.method.ConstantPermitsTests$Changing).evaluate()")
		public void byType() {
		}

		@RateLimited(limits = "4/1m", cost = "@'constantPermitsTests.Changing'.evaluated()")
		public void byBean() {
		}

		public static int evaluate() {
			return ++evaluated;
		}

		public int evaluated() {
			return evaluate();
		}

	}

}
