package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
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
		InvalidRateLimitedException mistake = mistake(Exponent.class);
		assertThat(mistake).hasMessageStartingWith(HERE
				+ "Exponent.run(): permits = \"1e3\" is 1000: a call can take at least 1 and at most 4, as policy '")
			.hasMessageEndingWith("' is [4/1m]");
		assertThat(mistake.getAction()).isEqualTo("Take fewer permits, or raise the limit.");
		assertThat(mistake(Sum.class)).hasMessageContaining("permits = \"1 + 5\" is 6: a call can take");
	}

	@Test
	void constantOfZeroOrLessStopsTheStart() {
		assertThat(mistake(Zero.class)).hasMessageContaining("permits = \"1 - 1\" is 0: a call can take at least 1");
		assertThat(mistake(Negative.class)).hasMessageContaining("permits = \"2 - 3\": a cost below zero");
	}

	@Test
	void constantThatIsNoNumberStopsTheStart() {
		InvalidRateLimitedException mistake = mistake(Text.class);
		assertThat(mistake).hasMessageContaining("permits = \"'a'\": a java.lang.String is no number");
		assertThat(mistake.getAction()).contains("#items.size()");
		assertThat(mistake(Nothing.class)).hasMessageContaining("permits = \"null\": null is no number");
		assertThat(mistake(Division.class)).hasMessageContaining("permits = \"1 / 0\": it fails");
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

		@RateLimited(limit = "4/1m", permits = "1e3")
		public void run() {
		}

	}

	static class Sum {

		@RateLimited(limit = "4/1m", permits = "1 + 5")
		public void run() {
		}

	}

	static class Zero {

		@RateLimited(limit = "4/1m", permits = "1 - 1")
		public void run() {
		}

	}

	static class Negative {

		@RateLimited(limit = "4/1m", permits = "2 - 3")
		public void run() {
		}

	}

	static class Text {

		@RateLimited(limit = "4/1m", permits = "'a'")
		public void run() {
		}

	}

	static class Nothing {

		@RateLimited(limit = "4/1m", permits = "null")
		public void run() {
		}

	}

	static class Division {

		@RateLimited(limit = "4/1m", permits = "1 / 0")
		public void run() {
		}

	}

	static class Half {

		@RateLimited(limit = "4/1m", permits = "1.5")
		public void run() {
		}

	}

	public static class Changing {

		static int evaluated;

		@RateLimited(limit = "4/1m", permits = "T(io.ratelimit.spring.method.ConstantPermitsTests$Changing).evaluate()")
		public void byType() {
		}

		@RateLimited(limit = "4/1m", permits = "@'constantPermitsTests.Changing'.evaluated()")
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
