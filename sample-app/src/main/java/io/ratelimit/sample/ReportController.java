package io.ratelimit.sample;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A report that takes some work, which is why a request costs more than one permit.
 */
@RestController
class ReportController {

	private static final Pattern BETWEEN_WORDS = Pattern.compile("\\W+");

	private final Quotes quotes;

	ReportController(Quotes quotes) {
		this.quotes = quotes;
	}

	@PostMapping("/api/reports")
	Report report() {
		Map<String, Long> words = this.quotes.all()
			.stream()
			.flatMap((quote) -> BETWEEN_WORDS.splitAsStream(quote.text().toLowerCase(Locale.ROOT)))
			.collect(Collectors.groupingBy((word) -> word, TreeMap::new, Collectors.counting()));
		words.values().removeIf((count) -> count < 3);
		return new Report(this.quotes.all().size(), words);
	}

	/**
	 * What there is to say about the quotes.
	 *
	 * @param quotes how many there are
	 * @param frequentWords how often words occur that occur often
	 */
	record Report(int quotes, Map<String, Long> frequentWords) {

	}

}
