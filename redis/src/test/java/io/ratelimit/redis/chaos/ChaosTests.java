package io.ratelimit.redis.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.ratelimit.redis.chaos.Address.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No limit is exceeded under faults, no call takes much longer than its timeout, and all
 * is counted again soon, whatever kind of requests there is. The build tries a few faults
 * with generous bounds, {@code -Dchaos=all} all of them with those that are documented,
 * and {@code -Dchaos=text} the faults that have a text in their names.
 */
@Isolated
class ChaosTests {

	private static final String CHOICE = System.getProperty("chaos", "");

	private static final boolean FEW = CHOICE.isEmpty();

	private static final Set<String> SELECTED = Set.of("killed, back after 1 s, " + Shape.SINGLE,
			"connections closed, handshakes not answered for 3 s, " + Shape.SINGLE,
			"connections die in silence, " + Shape.CLUSTER, "CLIENT PAUSE 1000, " + Shape.CLUSTER,
			"master killed, replaced, " + Shape.CLUSTER, "a slot moves, its keys apart for 1 s, " + Shape.CLUSTER);

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
