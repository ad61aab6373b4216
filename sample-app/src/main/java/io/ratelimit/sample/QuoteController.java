package io.ratelimit.sample;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Quotes for everybody, limited by their paths.
 */
@RestController
@RequestMapping("/api/quotes")
class QuoteController {

	private final Quotes quotes;

	QuoteController(Quotes quotes) {
		this.quotes = quotes;
	}

	@GetMapping("/random")
	Quote random() {
		return this.quotes.random();
	}

	@GetMapping("/search")
	List<Quote> search(@RequestParam String word) {
		return this.quotes.containing(word);
	}

}
