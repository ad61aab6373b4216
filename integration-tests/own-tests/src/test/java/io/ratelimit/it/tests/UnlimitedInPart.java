package io.ratelimit.it.tests;

import io.ratelimit.spring.test.WithoutRateLimits;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/**
 * A test class with methods of both kinds.
 */
@SpringBootTest
@WithMockMvc
class UnlimitedInPart {

	@Autowired
	MockMvcTester mvc;

	@Test
	void tenQuotes() {
		Quotes.tenAndNoMore(this.mvc, "/quote", "quotes");
	}

	@Test
	@WithoutRateLimits
	void anyQuotes() {
		Quotes.asManyAsOneLikes(this.mvc, "/quote");
	}

	@Test
	@WithoutRateLimits
	void anyExports() {
		Quotes.asManyAsOneLikes(this.mvc, "/export");
	}

}
