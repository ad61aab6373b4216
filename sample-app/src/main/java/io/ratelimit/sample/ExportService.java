package io.ratelimit.sample;

import java.util.stream.Collectors;

import io.ratelimit.annotation.RateLimited;

import org.springframework.stereotype.Service;

/**
 * Exports, limited by a policy of the configuration wherever they are asked for.
 */
@Service
class ExportService {

	private final Quotes quotes;

	ExportService(Quotes quotes) {
		this.quotes = quotes;
	}

	@RateLimited("exports")
	public String export() {
		return this.quotes.all()
			.stream()
			.map((quote) -> "\"%s\",\"%s\"\r\n".formatted(quote.text(), quote.source()))
			.collect(Collectors.joining("", "text,source\r\n", ""));
	}

}
