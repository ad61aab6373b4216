package io.ratelimit.sample;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.stereotype.Component;

/**
 * Quotes on patience and measure, all long in the public domain.
 */
@Component
class Quotes {

	private static final List<Quote> QUOTES = List.of(
			new Quote("They also serve who only stand and wait.", "John Milton, Sonnet 19"),
			new Quote("Wisely and slow; they stumble that run fast.", "Shakespeare, Romeo and Juliet"),
			new Quote("Too swift arrives as tardy as too slow.", "Shakespeare, Romeo and Juliet"),
			new Quote("How poor are they that have not patience!", "Shakespeare, Othello"),
			new Quote("Haste still pays haste, and leisure answers leisure.", "Shakespeare, Measure for Measure"),
			new Quote("Brevity is the soul of wit.", "Shakespeare, Hamlet"),
			new Quote("Adopt the pace of nature: her secret is patience.", "Ralph Waldo Emerson, Education"),
			new Quote("Learn to labor and to wait.", "Henry Wadsworth Longfellow, A Psalm of Life"),
			new Quote("Though the mills of God grind slowly, yet they grind exceeding small.",
					"Henry Wadsworth Longfellow, Retribution"),
			new Quote("Nothing in excess.", "Inscription at Delphi"), new Quote("Make haste slowly.", "Augustus"),
			new Quote("If we had no winter, the spring would not be so pleasant.", "Anne Bradstreet, Meditations"));

	List<Quote> all() {
		return QUOTES;
	}

	Quote random() {
		return QUOTES.get(ThreadLocalRandom.current().nextInt(QUOTES.size()));
	}

	List<Quote> containing(String word) {
		String wanted = word.toLowerCase(Locale.ROOT);
		return QUOTES.stream().filter((quote) -> quote.text().toLowerCase(Locale.ROOT).contains(wanted)).toList();
	}

}
