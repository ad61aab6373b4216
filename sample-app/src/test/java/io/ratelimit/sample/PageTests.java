package io.ratelimit.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;

import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.Point;
import org.openqa.selenium.WebElement;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page, in a browser.
 */
@Tag("looks")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class PageTests {

	private static Browser browser;

	@Autowired
	private HandClock clock;

	private String origin;

	@AfterAll
	static void closeBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@BeforeEach
	void open(@Value("${local.server.port}") int port) throws IOException {
		if (browser == null) {
			browser = Browser.start();
			browser.resize(1280, 800);
		}
		browser.driver().get("about:blank");
		this.clock.forget();
		this.origin = "http://localhost:" + port;
		browser.console();
		browser.requests();
		browser.driver().get(this.origin + "/");
	}

	@Test
	void aBarFallsUntilTheRefusalAndTheCountdownThatFollows() {
		Card quotes = card("quotes", 0);
		for (int left = 9; left >= 0; left--) {
			quotes.press();
			quotes.expect("caption", left + " of 10 left");
			assertThat(quotes.text("status")).isEqualTo("200 OK, " + left + " of 10 left");
			assertThat(quotes.field("ratelimit")).startsWith("\"quotes-10s\";r=" + left + ";t=");
			assertThat(quotes.field("ratelimit-policy"))
				.isEqualTo("\"quotes-10s\";q=10;w=10, \"quotes-1h\";q=100;w=3600");
			assertThat(quotes.bar().getDomAttribute("aria-valuenow")).isEqualTo(Integer.toString(left));
		}
		assertThat(quotes.fill()).isZero();
		quotes.record();
		quotes.press();
		quotes.expect("status", "429 Too Many Requests, come back in 10 s");
		assertThat(quotes.state()).isEqualTo("refused");
		assertThat(quotes.field("retry-after")).isEqualTo("10");
		assertThat(quotes.text("body")).contains("quota-exceeded");
		quotes.expectRecorded("again in 10 s", "again in 9 s", "again in 8 s");
	}

	@Test
	void aButtonIsFreshAgainWhenTheCountdownHasEnded() {
		Card quotes = card("quotes", 0);
		quotes.press();
		quotes.expect("caption", "9 of 10 left");
		this.clock.advance(Duration.ofMillis(8500));
		for (int left = 8; left >= 0; left--) {
			quotes.press();
			quotes.expect("caption", left + " of 10 left");
		}
		quotes.record();
		quotes.press();
		quotes.expectRecorded("again in 2 s", "again in 1 s", "");
		assertThat(quotes.state()).isEqualTo("fresh");
		assertThat(quotes.text("status")).isEqualTo("429 Too Many Requests, come back in 2 s: now");
		this.clock.advance(Duration.ofSeconds(2));
		quotes.press();
		quotes.expect("caption", "0 of 10 left");
	}

	@Test
	void guessingAPasswordIsRefusedTheSixthTime() {
		Card login = card("login", 0);
		for (int left = 4; left >= 0; left--) {
			login.press();
			login.expect("status", "401 Unauthorized, " + left + " of 5 left");
		}
		login.press();
		login.expect("status", "429 Too Many Requests, come back in 60 s");
	}

	@Test
	void aReportTakesFivePermitsOfTheBar() {
		Card reports = card("reports", 0);
		reports.press();
		reports.expect("caption", "15 of 20 left");
		assertThat(reports.fill()).isEqualTo(0.75);
	}

	@Test
	void aRefusalOfOneUserLeavesTheOtherButtonAlone() {
		Card alice = card("exports", 0);
		Card bob = card("exports", 1);
		alice.press();
		alice.expect("caption", "1 of 2 left");
		alice.press();
		alice.expect("caption", "0 of 2 left");
		alice.press();
		alice.expect("status", "429 Too Many Requests, come back in 60 s");
		assertThat(bob.state()).isEqualTo("fresh");
		bob.press();
		bob.expect("caption", "1 of 2 left");
		assertThat(alice.state()).isEqualTo("refused");
	}

	@Test
	void whatIsNeverRefusedSaysSo() {
		for (Card card : List.of(card("postcards", 1), card("search", 0))) {
			for (int sent = 1; sent <= 6; sent++) {
				card.press();
				card.expect("caption", sent + " sent, none refused");
			}
		}
	}

	@Test
	void everyButtonIsReachedAndPressedWithTheKeyboard() {
		List<WebElement> buttons = browser.driver().findElements(By.tagName("button"));
		assertThat(buttons).hasSize(8);
		for (WebElement link : browser.driver().findElements(By.tagName("a"))) {
			browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
			assertThat(browser.driver().switchTo().activeElement()).isEqualTo(link);
		}
		for (WebElement button : buttons) {
			browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
			assertThat(browser.driver().switchTo().activeElement()).isEqualTo(button);
		}
		browser.driver().switchTo().activeElement().sendKeys(Keys.SPACE);
		card("search", 0).expect("caption", "1 sent, none refused");
	}

	@Test
	void aScreenReaderHearsTheOutcomeAndNotTheTicking() {
		Card quotes = card("quotes", 0);
		assertThat(quotes.element("status").getDomAttribute("role")).isEqualTo("status");
		assertThat(quotes.element("caption").getDomAttribute("role")).isNull();
		assertThat(quotes.bar().getDomAttribute("role")).isEqualTo("meter");
	}

	@Test
	void thePageFitsOneScreenAsItIsOpened() {
		assertThatPageFits();
	}

	@Test
	void thePageStillFitsOneScreenAndNoButtonHasMovedWhenEverythingIsRefused() {
		List<Point> places = places();
		browser.driver()
			.executeScript("document.querySelectorAll('button').forEach((button) => {"
					+ "for (let i = 0; i < 11; i++) button.click() })");
		for (String id : List.of("quotes", "login", "reports", "exports", "postcards")) {
			card(id, 0).expectState("refused");
		}
		card("exports", 1).expectState("refused");
		card("postcards", 1).expect("caption", "11 sent, none refused");
		card("search", 0).expect("caption", "11 sent, none refused");
		assertThat(places()).isEqualTo(places);
		assertThatPageFits();
	}

	@Test
	void nothingIsCutOnASmallScreen() {
		browser.resize(390, 800);
		try {
			Card quotes = card("quotes", 0);
			for (int i = 0; i < 11; i++) {
				quotes.press();
			}
			quotes.expect("status", "429 Too Many Requests, come back in 10 s");
			assertThat(quotes.text("body")).contains("quota-exceeded");
			assertThat(browser.driver()
				.executeScript(
						"""
								const page = document.documentElement;
								const cut = [...document.querySelectorAll('h1, h2, p, code, button, .answer, .body')]
								  .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline'
								    || part.matches('.body') && part.scrollHeight > part.clientHeight);
								return [page.scrollWidth - page.clientWidth, ...cut.map((part) => part.className + part.textContent)].join();"""))
				.isEqualTo("0");
		}
		finally {
			browser.resize(1280, 800);
		}
	}

	@Test
	void everyLineOfCurlWorksAsItStands() throws Exception {
		List<WebElement> lines = browser.driver().findElements(By.className("curl"));
		assertThat(lines).hasSize(7);
		for (WebElement line : lines) {
			this.clock.forget();
			assertThat(line.getText()).contains(this.origin.substring("http://".length()) + "/");
			assertThat(Shell.run(line.getText())).containsPattern("\\A(HTTP/1.1 (200|401) |(200 ){10}429 \\z)");
		}
	}

	@Test
	void nothingLeavesTheOriginAndNothingIsWrong() {
		for (WebElement button : browser.driver().findElements(By.tagName("button"))) {
			button.click();
		}
		card("search", 0).expect("caption", "1 sent, none refused");
		assertThat(browser.requests()).hasSizeGreaterThan(8).allMatch((url) -> url.startsWith(this.origin + "/"));
		assertThat(browser.console()).filteredOn((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.allMatch((entry) -> entry.getMessage().contains("/login - Failed to load resource")
					&& entry.getMessage().contains("401"));
	}

	@Test
	void aPictureIsTakenWhereOneIsAskedFor() throws IOException {
		card("quotes", 0).press();
		card("quotes", 0).expect("caption", "9 of 10 left");
		card("reports", 0).press();
		card("reports", 0).expect("caption", "15 of 20 left");
		card("search", 0).press();
		card("search", 0).expect("caption", "1 sent, none refused");
		for (int i = 0; i < 3; i++) {
			card("exports", 0).press();
		}
		card("exports", 0).expectState("refused");
		assertThatPageFits();
		String directory = System.getProperty("pictures");
		if (directory != null) {
			browser.useInstalledFonts();
			Files.write(Path.of(directory, "sample.png"), browser.driver().getScreenshotAs(OutputType.BYTES));
		}
	}

	private static Card card(String id, int button) {
		return new Card(browser, id, button);
	}

	private static List<Point> places() {
		return browser.driver().findElements(By.tagName("button")).stream().map(WebElement::getLocation).toList();
	}

	private static void assertThatPageFits() {
		Object size = browser.driver()
			.executeScript("const page = document.documentElement;"
					+ "return [innerWidth, innerHeight, page.scrollWidth, page.scrollHeight].join(' ')");
		assertThat(size).isEqualTo("1280 800 1280 800");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class ClockConfiguration {

		@Bean
		HandClock clock() {
			return new HandClock();
		}

	}

}
