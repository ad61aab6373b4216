package io.ratelimit.redis.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.ratelimit.redis.chaos.Address.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No limit is exceeded under faults, no call takes much longer than its timeout, and all
 * is counted again soon, whatever kind of requests there is. {@code -Dchaos=all} tries
 * all faults with the bounds that are documented, {@code -Dchaos=text} those that have a
 * text in their names, and {@code -Dchaos=few} a few with generous bounds.
 */
@EnabledIfSystemProperty(named = "chaos", matches = ".+")
@Isolated
class ChaosTests {

	private static final String CHOICE = System.getProperty("chaos", "");

	private static final boolean FEW = CHOICE.equals("few");

	private static final Set<String> SELECTED = Set.of("killed, back after 1 s, " + Shape.SINGLE,
			"stopped for 0.4 s, " + Shape.SENTINEL, "SCRIPT FLUSH, " + Shape.CLUSTER);

	private static final List<String> rows = new ArrayList<>();

	static Stream<Scenario> scenarios() {
		return Scenario.all()
			.stream()
			.filter((scenario) -> FEW ? SELECTED.contains(scenario.toString())
					: CHOICE.equals("all") || scenario.toString().contains(CHOICE));
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void theStoreHoldsAndComesBack(Scenario scenario) throws Exception {
		Verdict verdict = scenario.run(FEW ? Terms.generous() : Terms.of(scenario.fault()));
		String row = verdict.row(scenario.fault().name(), scenario.shape());
		rows.add(row);
		System.out.println(row);
		assertThat(verdict.violations()).as(row).isEmpty();
	}

	@Test
	void theSelectedFaultsExist() {
		assertThat(Scenario.all()).extracting(Scenario::toString).containsAll(SELECTED);
	}

	@AfterAll
	static void print() {
		System.out.println(Verdict.HEADER);
		rows.forEach(System.out::println);
	}

}
