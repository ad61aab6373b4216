package io.ratelimit.tck;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * Every law finds the stores that break it.
 */
class LawsTests {

	@ParameterizedTest
	@MethodSource("io.ratelimit.tck.Fault#all")
	void theLawsThatAFaultBreaksFindIt(Fault fault) {
		Events tests = EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(BrokenStoreContract.class))
			.filters((PostDiscoveryFilter) (test) -> FilterResult.includedIf(fault.laws().contains(methodOf(test))))
			.configurationParameter(BrokenStoreContract.FAULT, fault.name())
			.execute()
			.testEvents();
		Set<String> found = tests.failed()
			.stream()
			.map(Event::getTestDescriptor)
			.map(LawsTests::methodOf)
			.collect(Collectors.toSet());
		assertThat(found).containsExactlyInAnyOrderElementsOf(fault.laws());
		assertThat(tests.failed().stream().map(LawsTests::failure)).hasOnlyElementsOfType(AssertionError.class);
	}

	@Test
	void everyLawIsBrokenBySomeFault() {
		Set<String> broken = Fault.all().flatMap((fault) -> fault.laws().stream()).collect(Collectors.toSet());
		Set<String> laws = Stream.of(RateLimitStoreContract.class.getDeclaredClasses())
			.flatMap((group) -> AnnotationSupport
				.findAnnotatedMethods(group, Testable.class, HierarchyTraversalMode.TOP_DOWN)
				.stream())
			.map(Method::getName)
			.collect(Collectors.toSet());
		assertThat(broken).containsExactlyInAnyOrderElementsOf(laws);
	}

	private static String methodOf(TestDescriptor test) {
		return (test.getSource()
			.orElse(null) instanceof org.junit.platform.engine.support.descriptor.MethodSource source)
					? source.getMethodName() : "";
	}

	private static Throwable failure(Event event) {
		return event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
	}

}
