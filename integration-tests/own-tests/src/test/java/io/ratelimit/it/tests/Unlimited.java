package io.ratelimit.it.tests;

import io.ratelimit.spring.test.WithoutRateLimits;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/**
 * A test class whose requests are not limited, on the context of those whose requests
 * are.
 */
@SpringBootTest
@WithMockMvc
@WithoutRateLimits
class Unlimited {

	@Autowired
	MockMvcTester mvc;

	@Test
	void anyQuotes() {
		Quotes.asManyAsOneLikes(this.mvc, "/quote");
	}

	@Test
	void anyExports() {
		Quotes.asManyAsOneLikes(this.mvc, "/export");
	}

	@Nested
	class Further {

		@Test
		void anyQuotes() {
			Quotes.asManyAsOneLikes(Unlimited.this.mvc, "/quote");
		}

	}

}
