package io.ratelimit.it.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;

import io.ratelimit.harness.Application;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the operators' page shows, in a browser.
 */
class ConsolePageTests extends WithConsolePage {

	@Test
	void everyPolicyIsShownThoseInPlaceLast() {
		open();
		page.expect(() -> page.cards().size(), 4);
		assertThat(page.cards()).extracting((card) -> String.valueOf(card.getDomAttribute("data-policy")))
			.startsWith("api", "exports", "search")
			.last()
			.asString()
			.startsWith("ApiController.report");
		assertThat(page.card("api").findElement(By.className("limits")).getText()).isEqualTo("5/1m");
		assertThat(page.card("api").findElement(By.className("use")).getText()).isEqualTo(
				"/api/** · by #request.getHeader('X-User') · cost 1 + 0 · counted in caffeine · deny if that is down");
		assertThat(page.card("api").getAriaRole()).isEqualTo("article");
		assertThat(page.card("api").getAccessibleName()).isEqualTo("api");
		assertThat(page.card("exports").findElement(By.className("use")).getText()).contains("ApiController.export()");
		assertThat(page.text("live")).isEqualTo("4 policies, read only");
		assertThat(page.text("instance")).matches("application, host .+, pid [0-9]+");
		assertThat(page.text("store")).isEqualTo("Counted in caffeine");
		assertThat(page.find("history").isDisplayed()).isFalse();
	}

	@Test
	void theChartMovesAfterRealRequestsAndTellsItsScale() {
		open();
		page.expect(() -> page.cards().size(), 4);
		page.expectPoints("api", 2);
		String before = page.drawn("api", "refused");
		assertThat(page.rate("api", "refused")).isEqualTo("0");
		this.application.statuses(12, "/api/hello", "X-User", "alice");
		page.expect(() -> page.rate("api", "refused").equals("0"), false);
		assertThat(page.drawn("api", "refused")).isNotEqualTo(before);
		assertThat(page.card("api").findElement(By.className("chart")).getDomAttribute("aria-label"))
			.containsPattern("now [0-9.]+ allowed and [0-9.]*[1-9][0-9.]* refused");
		assertThat(page.card("api").findElement(By.tagName("figcaption")).getText())
			.matches("Full height [0-9.]+ a second, full width 2 minutes");
		page.expect(() -> page.card("api").findElement(By.className("totals")).getText(),
				"5 allowed, 7 refused, 9 near the limit since the start");
		page.expect(() -> page.rate("api", "refused"), "0");
	}

	@Test
	void offendersAreListedWithoutTheirKeysUnlessThatIsAskedFor() {
		open();
		this.application.statuses(7, "/api/hello", "X-User", "alice");
		page.expect(() -> page.offenders("api").size(), 1);
		assertThat(page.offenders("api").get(0).findElement(By.className("key")).getText()).matches("[0-9a-f]{12}");
		assertThat(page.offenders("api").get(0).findElement(By.className("number")).getText()).isEqualTo("2");
		assertThat(browser.driver().getPageSource()).doesNotContain("alice");
	}

	@Test
	void anOffenderIsLookedAtWhereItStands() {
		open(ConsolePage.SHOW_KEYS);
		this.application.statuses(7, "/api/hello", "X-User", "alice");
		page.expect(() -> page.offenders("api").size(), 1);
		WebElement alice = page.offenders("api").get(0);
		assertThat(alice.findElement(By.className("key")).getText()).isEqualTo("alice");
		WebElement state = alice.findElement(By.tagName("button"));
		assertThat(state.getAccessibleName()).isEqualTo("State of alice");
		state.click();
		page.expect(() -> page.toldOf(alice), "refused by 5/1m, again in 60 s, counted in this instance");
	}

	@Test
	void moreThanFiveOffendersAreShownByAPress() {
		open(ConsolePage.SHOW_KEYS);
		for (int i = 1; i <= 7; i++) {
			this.application.statuses(6, "/api/hello", "X-User", "user" + i);
		}
		page.expect(() -> page.offenders("api").size(), 5);
		page.expect(() -> page.button("api", "2 more keys").getDomAttribute("aria-expanded"), "false");
		page.button("api", "2 more keys").click();
		assertThat(page.offenders("api")).hasSize(7);
		page.button("api", "Fewer keys").click();
		assertThat(page.offenders("api")).hasSize(5);
	}

	@Test
	void aPolicyInShadowModeSaysTheSameInBothPlaces() {
		open();
		this.application.statuses(7, "/search", "X-User", "alice");
		page.expect(() -> page.card("search").findElement(By.className("totals")).getText(),
				"3 allowed, 0 refused, 4 would have been, 5 near the limit since the start");
		page.expect(() -> page.card("search").findElement(By.tagName("caption")).getText(),
				"Would have been refused over the last minutes: 4");
	}

	@Test
	void whatAKeyIsCalledIsNeverMarkup() {
		open(ConsolePage.SHOW_KEYS);
		String key = "<img src=x onerror=document.title='taken'>";
		this.application.statuses(6, "/api/hello", "X-User", key);
		page.expect(() -> page.offenders("api").size(), 1);
		assertThat(page.offenders("api").get(0).findElement(By.className("key")).getText()).isEqualTo(key);
		assertThat(browser.driver().getTitle()).isEqualTo("Rate limits");
	}

	@Test
	void theStateOfAKeyIsToldAndNothingIsTaken() {
		open();
		page.expect(() -> page.cards().size(), 4);
		this.application.get("/api/hello", "X-User", "a/b?c&d");
		new Select(page.find("policy")).selectByVisibleText("api");
		page.find("key").sendKeys("a/b?c&d" + Keys.ENTER);
		page.expect(() -> page.text("state"), "a/b?c&d in api: 4 left of 5/1m, more in 60 s, counted in this instance");
		page.find("key").sendKeys(Keys.ENTER);
		assertThat(this.application.get("/api/hello", "X-User", "a/b?c&d").header("RateLimit")).contains("r=3");
		page.find("key").sendKeys("e" + Keys.ENTER);
		page.expect(() -> page.text("state"),
				"a/b?c&de in api: nothing is used of 5/1m, counted in this instance. Is the key written as the "
						+ "client sends it?");
	}

	@Test
	void whatAKeyIsCalledTurnsAndHidesNothing() {
		open();
		page.expect(() -> page.cards().size(), 4);
		new Select(page.find("policy")).selectByVisibleText("api");
		page.find("key").sendKeys("a\u202eb\u2069" + Keys.ENTER);
		page.expect(() -> page.text("state").startsWith("a\\u202eb\\u2069 in api: nothing is used"), true);
		page.find("key").clear();
		page.find("key").sendKeys("\u05d0\u05d1" + Keys.ENTER);
		page.expect(() -> page.text("state").startsWith("\u2068\u05d0\u05d1\u2069 in api: nothing is used"), true);
	}

	@Test
	void thePlaceForAKeyShowsHowOneIsWritten() {
		open("ratelimit.policies.both.limits=1/1m", "ratelimit.policies.both.key=param:user + ip",
				"ratelimit.policies.both.paths=/both");
		page.expect(() -> page.cards().size(), 5);
		new Select(page.find("policy")).selectByVisibleText("both");
		assertThat(page.find("key").getDomAttribute("placeholder")).isEqualTo("value of the parameter + 203.0.113.7");
		new Select(page.find("policy")).selectByVisibleText("api");
		assertThat(page.find("key").getDomAttribute("placeholder")).isEmpty();
		new Select(page.find("policy")).selectByVisibleText("exports");
		assertThat(page.find("key").getDomAttribute("placeholder")).isEqualTo("203.0.113.7");
	}

	@Test
	void whatGuardsARequestIsToldWithTheReasons() {
		open();
		page.expect(() -> page.cards().size(), 4);
		new Select(page.find("method")).selectByVisibleText("GET");
		page.find("path").sendKeys("/api/hello" + Keys.ENTER);
		page.expect(() -> page.text("guards").startsWith("GET /api/hello is counted by 1 policy"), true);
		assertThat(page.find("guards").findElement(By.cssSelector("li.guards")).getText()).startsWith("api: ")
			.contains("/api/**", "5/1m");
		assertThat(page.text("guards")).contains("not search: ");
		page.find("path").sendKeys("?x" + Keys.ENTER);
		page.expect(() -> page.text("guards").contains("has a query or a fragment"), true);
	}

	@Test
	void anApplicationThatIsGoneIsToldAndOneThatIsBackIsShown() {
		open();
		page.expect(() -> page.cards().size(), 4);
		int port = this.application.port();
		this.application.close();
		page.expect(() -> page.text("live").startsWith("Stale: no connection. This is what was so at "), true);
		this.application = ConsolePage.start("server.port=" + port);
		page.expect(() -> page.text("live"), "4 policies, read only");
	}

	@Test
	void withoutAPolicyThePageSaysHowOneIsMade() {
		this.application = Application.start(Nothing.class, "management.endpoints.web.exposure.include=ratelimits",
				"management.endpoint.ratelimits.console.enabled=true");
		browser.driver().get(this.application.uri("/actuator/ratelimits/console").toString());
		page.expect(() -> page.text("live"), "0 policies, read only");
		assertThat(page.text("empty")).contains("There is no policy", "ratelimit.policies", "@RateLimited");
	}

	@Test
	void nothingLeavesTheOriginAndNothingIsWrong() {
		browser.console();
		browser.requests();
		open(ConsolePage.WRITABLE);
		page.expectPoints("api", 1);
		page.mode("api", "shadow").click();
		page.button("api", "Switch to shadow").click();
		page.expect(() -> page.mode("api", "shadow").getDomAttribute("aria-pressed"), "true");
		String origin = this.application.uri("/").toString();
		assertThat(browser.requests()).hasSizeGreaterThan(5)
			.filteredOn((url) -> !url.equals("about:blank"))
			.allMatch((url) -> url.startsWith(origin));
		assertThat(browser.console()).noneMatch((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue());
	}

	@Test
	void everyThingToPressHasAName() {
		open(ConsolePage.WRITABLE, ConsolePage.SHOW_KEYS);
		this.application.statuses(6, "/api/hello", "X-User", "alice");
		page.expect(() -> page.offenders("api").size(), 1);
		assertThat(browser.driver().findElements(By.cssSelector("button, input, select")))
			.filteredOn(WebElement::isDisplayed)
			.hasSizeGreaterThan(10)
			.allMatch((control) -> !control.getAccessibleName().isBlank());
		assertThat(page.card("api").findElement(By.className("mode")).getAccessibleName()).isEqualTo("Mode of api");
	}

	@Test
	@Tag("looks")
	void aPictureIsTakenWhereOneIsAskedFor() throws IOException {
		open(ConsolePage.WRITABLE, ConsolePage.SHOW_KEYS);
		page.expect(() -> page.cards().size(), 4);
		String directory = System.getProperty("pictures");
		for (int round = 1; round <= ((directory != null) ? 16 : 2); round++) {
			this.application.statuses(2 + round % 5, "/api/hello", "X-User", "203.0.113." + round);
			this.application.statuses(2 * (round % 4), "/api/hello", "X-User", "198.51.100.7");
			this.application.statuses(3 + round % 3, "/search", "X-User", "alice");
			this.application.statuses(round % 3, "/export");
			this.application.clock().advance(Duration.ofSeconds(4));
			page.expectPoints("api", round);
		}
		new Select(page.find("policy")).selectByVisibleText("api");
		page.find("key").sendKeys("198.51.100.7" + Keys.ENTER);
		page.expect(() -> page.text("state").startsWith("198.51.100.7 in api: "), true);
		page.find("path").sendKeys("/api/hello" + Keys.ENTER);
		page.expect(() -> page.text("guards").startsWith("GET /api/hello is counted by"), true);
		page.button("exports", "Change limits").click();
		if (directory != null) {
			browser.useInstalledFonts();
			Number height = (Number) browser.driver().executeScript("return document.documentElement.scrollHeight");
			browser.resize(1280, height.intValue());
			Files.write(Path.of(directory, "console.png"), browser.driver().getScreenshotAs(OutputType.BYTES));
			browser.resize(1280, 800);
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Nothing {

	}

}
