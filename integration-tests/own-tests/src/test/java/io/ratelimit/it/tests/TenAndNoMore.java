package io.ratelimit.it.tests;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/**
 * A test class like those of an application; its subclasses share a context.
 */
@SpringBootTest
@WithMockMvc
abstract class TenAndNoMore {

	@Autowired
	MockMvcTester mvc;

	@Test
	void tenQuotes() {
		Quotes.tenAndNoMore(this.mvc, "/quote", "quotes");
	}

	@Test
	void tenQuotesOnceMore() {
		Quotes.tenAndNoMore(this.mvc, "/quote", "quotes");
	}

	@Test
	void tenExports() {
		Quotes.tenAndNoMore(this.mvc, "/export", "exports");
	}

	static class First extends TenAndNoMore {

	}

	static class Second extends TenAndNoMore {

		@Nested
		class Further {

			@Test
			void tenQuotes() {
				Quotes.tenAndNoMore(Second.this.mvc, "/quote", "quotes");
			}

		}

	}

	static class Third extends TenAndNoMore {

	}

}
