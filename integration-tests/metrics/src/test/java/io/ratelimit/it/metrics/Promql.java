package io.ratelimit.it.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The names in an expression of Prometheus, as far as the dashboard and the alerts go.
 */
record Promql(List<String> metrics, List<String> labels, List<Value> values) {

	private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern
		.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");

	private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");

	private static final Pattern NAME = Pattern.compile("[A-Za-z_:][\\w:]*(?!\\w|\\s*\\()");

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*),\\s*(\\w+)\\s*\\)");

	private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

	static Promql of(String expression) {
		MatchResult query = LABEL_VALUES.matcher(expression).results().findFirst().orElse(null);
		if (query != null) {
			Promql metric = of(query.group(1));
			metric.labels.add(query.group(2));
			return metric;
		}
		List<String> labels = new ArrayList<>();
		List<Value> values = new ArrayList<>();
		SELECTOR.matcher(expression)
			.results()
			.flatMap((selector) -> MATCHER.matcher(selector.group(1)).results())
			.forEach((matcher) -> {
				labels.add(matcher.group(1));
				if (!matcher.group(3).contains("$")) {
					for (String value : matcher.group(3).split("\\|", -1)) {
						values.add(new Value(matcher.group(1), value));
					}
				}
			});
		GROUPING.matcher(expression).results().forEach((grouping) -> {
			for (String label : grouping.group(1).split(",", -1)) {
				labels.add(label.strip());
			}
		});
		String rest = SELECTOR.matcher(expression).replaceAll(" ");
		rest = RANGE.matcher(GROUPING.matcher(rest).replaceAll(" ")).replaceAll(" ");
		List<String> metrics = NAME.matcher(rest)
			.results()
			.map(MatchResult::group)
			.filter((name) -> !OPERATORS.contains(name))
			.toList();
		return new Promql(metrics, labels, values);
	}

	/**
	 * Returns what is wrong with this expression, beside what was scraped.
	 */
	List<String> faults(Scrape scrape) {
		List<String> faults = new ArrayList<>();
		if (this.metrics.isEmpty()) {
			faults.add("no metric at all");
		}
		List<Scrape.Series> known = scrape.series()
			.stream()
			.filter((series) -> this.metrics.contains(series.name()))
			.toList();
		this.metrics.stream()
			.filter((name) -> known.stream().noneMatch((series) -> series.name().equals(name)))
			.forEach((name) -> faults.add("no metric " + name));
		this.labels.stream()
			.filter((label) -> !DashboardTests.LABELS_OF_PROMETHEUS.contains(label))
			.filter((label) -> known.stream().noneMatch((series) -> series.labels().containsKey(label)))
			.forEach((label) -> faults.add("no label " + label));
		this.values.stream()
			.filter((value) -> known.stream()
				.noneMatch((series) -> value.value().equals(series.labels().get(value.label()))))
			.forEach((value) -> faults.add("no value " + value));
		return faults;
	}

	/**
	 * A value that a label is compared with.
	 */
	record Value(String label, String value) {
	}

}
