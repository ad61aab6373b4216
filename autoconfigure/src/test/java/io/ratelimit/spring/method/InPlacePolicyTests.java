package io.ratelimit.spring.method;

import java.util.HashSet;
import java.util.Set;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Limits that stand in an annotation: who shares them, and what their policies are
 * called.
 */
class InPlacePolicyTests {

	private static final Set<String> CONFIGURED = Set.of("one", "two", "off", "shadow", "slow", "slowest",
			"slowest-shadow");

	@Test
	void sameNamedMethodsOfDifferentClassesHaveTheirOwnLimits() {
		try (LimitedApplication application = new LimitedApplication(Here.Exports.class, There.Exports.class)) {
			application.bean(Here.Exports.class).run();
			application.bean(There.Exports.class).run();
			application.bean(There.Exports.class).run("overloaded");
			assertRefused(application.bean(Here.Exports.class)::run);
		}
	}

	@Test
	void limitOnATypeIsSharedByItsMethods() {
		try (LimitedApplication application = new LimitedApplication(Shared.class)) {
			application.bean(Shared.class).first();
			assertRefused(application.bean(Shared.class)::second);
		}
	}

	@Test
	void limitThatIsFoundThroughSeveralBeansIsOne() {
		try (LimitedApplication application = new LimitedApplication(FirstOfBase.class, SecondOfBase.class)) {
			application.bean(FirstOfBase.class).shared();
			assertRefused(application.bean(SecondOfBase.class)::shared);
			assertThat(inPlace(application)).hasSize(1);
		}
	}

	@Test
	void policyInPlaceHasANameThatTellsWhereItStands() {
		try (LimitedApplication application = new LimitedApplication(Shared.class, Here.Exports.class)) {
			assertThat(inPlace(application)).hasSize(2)
				.anyMatch((name) -> name.matches("Shared-[0-9a-f]{6}"))
				.anyMatch((name) -> name.matches("Exports\\.run-[0-9a-f]{6}"));
		}
	}

	@Test
	void nameOfAPolicyInPlaceIsTheSameAfterARestart() {
		Set<String> names;
		try (LimitedApplication application = new LimitedApplication(Here.Exports.class, Shared.class)) {
			names = inPlace(application);
		}
		try (LimitedApplication application = new LimitedApplication(Shared.class, Here.Exports.class)) {
			assertThat(inPlace(application)).isEqualTo(names);
		}
	}

	@Test
	void longNamesAndSeveralLimitsFitIntoAHeader() {
		try (LimitedApplication application = new LimitedApplication(LongName.class)) {
			Set<String> names = inPlace(application);
			assertThat(names).hasSize(2).allMatch((name) -> name.length() <= 64);
			assertThat(names.stream().map(application.registry().policies()::get).map(Policy::limits))
				.anySatisfy((limits) -> assertThat(limits).containsExactly(Limit.valueOf("3/1m"), Limit.valueOf("5/1h"),
						Limit.valueOf("9/1001ms")));
		}
	}

	private static Set<String> inPlace(LimitedApplication application) {
		Set<String> names = new HashSet<>(application.registry().policies().keySet());
		names.removeAll(CONFIGURED);
		return names;
	}

	static class Here {

		static class Exports {

			@RateLimited(limits = "1/1m")
			public void run() {
			}

		}

	}

	static class There {

		static class Exports {

			@RateLimited(limits = "1/1m")
			public void run() {
			}

			@RateLimited(limits = "1/1m")
			public void run(String overloaded) {
			}

		}

	}

	@RateLimited(limits = "1/1m")
	static class Shared {

		public void first() {
		}

		public void second() {
		}

	}

	static class BaseOfTwo {

		@RateLimited(limits = "1/1m")
		public void shared() {
		}

	}

	static class FirstOfBase extends BaseOfTwo {

	}

	static class SecondOfBase extends BaseOfTwo {

	}

	static class LongName {

		@RateLimited(limits = "${n}, ${m}, 9/1001ms")
		@RateLimited(limits = "${n}")
		public void methodWhoseNameIsMuchLongerThanWhatCouldEverBeWrittenIntoAHeader$() {
		}

	}

}
