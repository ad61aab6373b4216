package io.ratelimit.it.tests;

import java.util.Map;

import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * Test classes on one cached context do not stumble over each other's counts.
 */
class SharedContextTests {

	private static final int TESTS = 16;

	@RepeatedTest(3)
	void inAnyOrder() {
		run(Map.of("junit.jupiter.testclass.order.default", ClassOrderer.Random.class.getName(),
				"junit.jupiter.testmethod.order.default", MethodOrderer.Random.class.getName()));
	}

	@Test
	void atTheSameTime() {
		run(Map.of("junit.jupiter.execution.parallel.enabled", "true", "junit.jupiter.execution.parallel.mode.default",
				"concurrent", "junit.jupiter.execution.parallel.config.strategy", "fixed",
				"junit.jupiter.execution.parallel.config.fixed.parallelism", "6"));
	}

	@Test
	void withoutLimitsBeforeAndAfterAllMethodsToo() {
		EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(UnlimitedAllAlong.class), selectClass(TenAndNoMore.First.class))
			.execute()
			.allEvents()
			.assertStatistics((counts) -> counts.failed(0));
	}

	private static void run(Map<String, String> parameters) {
		int started = QuoteApplication.STARTED.get();
		Events tests = EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(TenAndNoMore.First.class), selectClass(Unlimited.class),
					selectClass(TenAndNoMore.Second.class), selectClass(UnlimitedInPart.class),
					selectClass(TenAndNoMore.Third.class))
			.configurationParameters(parameters)
			.execute()
			.testEvents();
		tests.assertStatistics((counts) -> counts.succeeded(TESTS).failed(0));
		// none, if a test of this JVM has started it before
		assertThat(QuoteApplication.STARTED.get() - started).isLessThanOrEqualTo(1);
	}

}
