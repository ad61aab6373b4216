package io.ratelimit.it.tests;

import io.ratelimit.spring.test.WithoutRateLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/**
 * A test class whose requests are not limited, those before and after its methods
 * included.
 */
@SpringBootTest
@WithMockMvc
@WithoutRateLimits
@TestInstance(Lifecycle.PER_CLASS)
class UnlimitedAllAlong {

	@Autowired
	MockMvcTester mvc;

	@BeforeAll
	void prepare() {
		Quotes.asManyAsOneLikes(this.mvc, "/quote");
	}

	@Test
	void anyQuotes() {
		Quotes.asManyAsOneLikes(this.mvc, "/quote");
	}

	@AfterAll
	void tidyUp() {
		Quotes.asManyAsOneLikes(this.mvc, "/quote");
	}

}
