package io.ratelimit.it.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Prometheus reads of an application.
 */
record Scrape(List<Series> series) {

	private static final Pattern LINE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	static Scrape of(Application application) {
		Answer answer = application.get("/actuator/prometheus");
		assertThat(answer.status()).isEqualTo(200);
		return new Scrape(answer.body()
			.lines()
			.filter((line) -> !line.startsWith("#") && !line.isBlank())
			.map(Scrape::read)
			.toList());
	}

	/**
	 * Returns this scrape and another.
	 */
	Scrape and(Scrape other) {
		List<Series> both = new ArrayList<>(this.series);
		both.addAll(other.series);
		return new Scrape(both);
	}

	/**
	 * Returns the value of the only series of a name and labels.
	 */
	double value(String name, String... labels) {
		Map<String, String> wanted = new TreeMap<>();
		for (int i = 0; i < labels.length; i += 2) {
			wanted.put(labels[i], labels[i + 1]);
		}
		List<Series> found = this.series.stream()
			.filter((one) -> one.name().equals(name) && one.labels().equals(wanted))
			.toList();
		assertThat(found).as("%s %s", name, wanted).hasSize(1);
		return found.get(0).value();
	}

	/**
	 * Returns the series whose names begin with a prefix.
	 */
	List<Series> beginningWith(String prefix) {
		return this.series.stream().filter((one) -> one.name().startsWith(prefix)).toList();
	}

	private static Series read(String line) {
		Matcher matcher = LINE.matcher(line);
		assertThat(matcher.matches()).as(line).isTrue();
		Map<String, String> labels = new TreeMap<>();
		if (matcher.group(2) != null) {
			LABEL.matcher(matcher.group(2)).results().forEach((label) -> labels.put(label.group(1), label.group(2)));
		}
		return new Series(matcher.group(1), labels, Double.parseDouble(matcher.group(3).replace("+Inf", "Infinity")));
	}

	/**
	 * One line.
	 */
	record Series(String name, Map<String, String> labels, double value) {
	}

}
