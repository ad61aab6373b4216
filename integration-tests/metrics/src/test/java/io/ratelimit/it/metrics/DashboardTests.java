package io.ratelimit.it.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.ratelimit.harness.Application;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard and the alerts name nothing that is not there.
 */
class DashboardTests {

	static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance");

	private static final Path FOLDER = Path.of("..", "..", "docs", "grafana");

	private static final Pattern IN_TEXT = Pattern.compile("\\$labels\\.(\\w+)|^\\{\\{(\\w+)}}$");

	private static Scrape scrape;

	@BeforeAll
	static void scrapeBothStores() {
		scrape = scrape().and(scrape("ratelimit.store=redis", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=1", "logging.level.io.ratelimit=error"));
	}

	@Test
	void theDashboardNamesWhatIsThere() throws IOException {
		assertFaultless(FOLDER.resolve("ratelimit.json"), 14);
	}

	@Test
	void theAlertsNameWhatIsThere() throws IOException {
		assertFaultless(FOLDER.resolve("alerts.yml"), 10);
	}

	@Test
	void everyMeterIsOnTheDashboard() throws IOException {
		List<String> shown = expressions(read(FOLDER.resolve("ratelimit.json")))
			.flatMap((expression) -> Promql.of(expression.text()).metrics().stream())
			.toList();
		assertThat(scrape.beginningWith("ratelimit")).extracting(Scrape.Series::name).isSubsetOf(shown);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			rate(ratelimit_decision_total[5m]) > 0; no metric ratelimit_decision_total
			sum by (polcy) (rate(ratelimit_near_total[$__rate_interval])); no label polcy
			ratelimit_keys / ratelimit_kyes; no metric ratelimit_kyes
			ratelimit_decisions_total{outcom="denied"}; no label outcom
			ratelimit_decisions_total{outcome="refused"}; no value Value[label=outcome, value=refused]
			label_values(ratelimit_decisions_total, polici); no label polici
			""")
	void aWrongNameIsFound(String expression, String fault) {
		assertThat(Promql.of(expression).faults(scrape)).contains(fault);
	}

	private static void assertFaultless(Path file, int least) throws IOException {
		List<Expression> expressions = expressions(read(file)).toList();
		assertThat(expressions).hasSizeGreaterThanOrEqualTo(least);
		for (Expression expression : expressions) {
			Promql promql = Promql.of(expression.text());
			assertThat(promql.faults(scrape)).as(expression.text()).isEmpty();
			assertThat(promql.labels()).as(expression.text()).containsAll(expression.labelsInTexts());
		}
	}

	/**
	 * Finds expressions wherever they stand: in panels, variables and rules.
	 */
	private static Stream<Expression> expressions(Object node) {
		if (node instanceof Map<?, ?> map) {
			Object text = (map.get("expr") != null) ? map.get("expr") : map.get("definition");
			Stream<Expression> here = (text instanceof String expression)
					? Stream.of(new Expression(expression, labelsInTexts(map))) : Stream.of();
			return Stream.concat(here, map.values().stream().flatMap(DashboardTests::expressions));
		}
		return (node instanceof List<?> list) ? list.stream().flatMap(DashboardTests::expressions) : Stream.of();
	}

	private static List<String> labelsInTexts(Map<?, ?> map) {
		List<String> texts = new ArrayList<>();
		if (map.get("annotations") instanceof Map<?, ?> annotations) {
			annotations.values().forEach((text) -> texts.add(text.toString()));
		}
		if (map.get("legendFormat") instanceof String legend) {
			texts.add(legend);
		}
		return texts.stream()
			.flatMap((text) -> IN_TEXT.matcher(text).results())
			.map((label) -> (label.group(1) != null) ? label.group(1) : label.group(2))
			.toList();
	}

	private static Object read(Path file) throws IOException {
		return new Yaml().load(Files.readString(file));
	}

	private static Scrape scrape(String... properties) {
		try (Application application = Application.start(Api.class,
				Stream
					.of(Stream.of(Api.PROPERTIES),
							Stream.of("ratelimit.policies.api.limits=1/1m", "ratelimit.policies.api.paths=/api"),
							Stream.of(properties))
					.flatMap((part) -> part)
					.toArray(String[]::new))) {
			application.get("/api");
			return Scrape.of(application);
		}
	}

	/**
	 * An expression, and the labels that texts about its result speak of.
	 */
	private record Expression(String text, List<String> labelsInTexts) {
	}

}
