package io.ratelimit.it.tests;

import java.util.concurrent.atomic.AtomicInteger;

import io.ratelimit.spring.test.AutoConfigureRateLimits;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static io.ratelimit.spring.test.RateLimitResultMatcher.hasRemaining;
import static io.ratelimit.spring.test.RateLimitResultMatcher.isNotRateLimited;
import static io.ratelimit.spring.test.RateLimitResultMatcher.isRateLimited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

/**
 * A slice has limits if it asks for them, and says so if it does not.
 */
class SliceTests {

	private static final AtomicInteger USED = new AtomicInteger();

	@Nested
	@ControllersAlone
	@AutoConfigureRateLimits
	class WithLimits {

		@Autowired
		MockMvcTester tester;

		@Autowired
		MockMvc mvc;

		@Test
		void pathsAreLimited() {
			Quotes.tenAndNoMore(this.tester, "/quote", "quotes");
		}

		@Test
		void annotatedHandlersAreLimited() {
			Quotes.tenAndNoMore(this.tester, "/export", "exports");
		}

		@Test
		void mockMvcTellsOfLimits() throws Exception {
			for (int left = 9; left >= 0; left--) {
				this.mvc.perform(get("/quote")).andExpect(isNotRateLimited()).andExpect(hasRemaining("quotes", left));
			}
			this.mvc.perform(get("/quote")).andExpect(isRateLimited().by("quotes"));
		}

	}

	@Nested
	@ControllersAlone
	@AutoConfigureRateLimits
	@TestPropertySource(properties = "ratelimit.store=redis")
	class OfAnApplicationWithRedis {

		@Autowired
		MockMvcTester mvc;

		@Test
		void countsInProcess() {
			Quotes.tenAndNoMore(this.mvc, "/quote", "quotes");
		}

	}

	@Nested
	@ControllersAlone
	@AutoConfigureRateLimits(reset = false)
	class WhoseCountsAreKept {

		@Autowired
		MockMvc mvc;

		@Test
		void oneMethod() throws Exception {
			useAccount();
		}

		@Test
		void andAnother() throws Exception {
			useAccount();
		}

		@Test
		void orAThird() throws Exception {
			useAccount();
		}

		private void useAccount() throws Exception {
			int used = USED.incrementAndGet();
			this.mvc.perform(get("/account")).andExpect(hasRemaining("accounts", 3 - used));
			if (used == 3) {
				this.mvc.perform(get("/account")).andExpect(isRateLimited());
			}
		}

	}

	@Nested
	@ControllersAlone
	@ExtendWith(OutputCaptureExtension.class)
	class WithoutLimits {

		@Autowired
		MockMvcTester mvc;

		@Test
		void saysSo(CapturedOutput output) {
			Quotes.asManyAsOneLikes(this.mvc, "/quote");
			assertThat(output)
				.contains("WithoutLimits is a slice without rate limits: @AutoConfigureRateLimits brings them in");
		}

	}

}
