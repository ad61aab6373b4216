package io.ratelimit.it.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;

import io.ratelimit.Mode;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The operators' page, in a browser.
 */
class ConsolePageTests {

	private static final String WRITABLE = "management.endpoint.ratelimits.access=unrestricted";

	private static final String SHOW_KEYS = "management.endpoint.ratelimits.show-keys=always";

	private static Browser browser;

	private static ConsolePage page;

	private Application application;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
		page = new ConsolePage(browser);
		browser.resize(1280, 800);
	}

	@AfterAll
	static void closeBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@AfterEach
	void stop() {
		browser.driver().get("about:blank");
		if (this.application != null) {
			this.application.close();
		}
	}

	@Test
	void everyPolicyIsShown() {
		open();
		page.expect(() -> page.cards().size(), 4);
		assertThat(page.card("api").findElement(By.className("limits")).getText()).isEqualTo("5/1m");
		assertThat(page.card("api").findElement(By.className("use")).getText())
			.isEqualTo("/api/** · by #request.getHeader('X-User') · caffeine");
		assertThat(page.card("api").getAriaRole()).isEqualTo("article");
		assertThat(page.card("api").getAccessibleName()).isEqualTo("api");
		assertThat(page.card("exports").findElement(By.className("use")).getText()).contains("ApiController.export()");
		assertThat(page.text("live")).isEqualTo("4 policies, read only");
	}

	@Test
	void theChartMovesAfterRealRequests() {
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
		page.expect(() -> page.card("api").findElement(By.className("totals")).getText(),
				"5 allowed, 7 refused since the start");
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
	void anOffenderIsLookedAtByAPress() {
		open(SHOW_KEYS);
		this.application.statuses(7, "/api/hello", "X-User", "alice");
		page.expect(() -> page.offenders("api").size(), 1);
		assertThat(page.offenders("api").get(0).findElement(By.className("key")).getText()).isEqualTo("alice");
		WebElement state = page.offenders("api").get(0).findElement(By.tagName("button"));
		assertThat(state.getAccessibleName()).isEqualTo("State of alice");
		state.click();
		page.expect(() -> page.text("state"), "alice in api: refused by 5/1m, again in 60 s");
	}

	@Test
	void whatAKeyIsCalledIsNeverMarkup() {
		open(SHOW_KEYS);
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
		page.expect(() -> page.text("state"), "a/b?c&d in api: 4 left of 5/1m, more in 60 s");
		page.find("key").sendKeys(Keys.ENTER);
		assertThat(this.application.get("/api/hello", "X-User", "a/b?c&d").header("RateLimit")).contains("r=3");
	}

	@Test
	void aModeIsSwitchedWithTheKeyboardAlone() {
		open(WRITABLE);
		page.expect(() -> page.cards().size(), 4);
		this.application.statuses(5, "/api/hello", "X-User", "alice");
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
		WebElement shadow = page.mode("api", "shadow");
		for (int i = 0; i < 30 && !page.focused().equals(shadow); i++) {
			page.focused().sendKeys(Keys.TAB);
		}
		assertThat(page.focused()).isEqualTo(shadow);
		page.focused().sendKeys(Keys.SPACE);
		page.expect(() -> page.mode("api", "shadow").getDomAttribute("aria-pressed"), "true");
		assertThat(page.mode("api", "enforce").getDomAttribute("aria-pressed")).isEqualTo("false");
		assertThat(page.text("state")).isEqualTo("api is in mode shadow");
		assertThat(this.application.bean(RateLimits.class).limiter("api").policy().mode()).isEqualTo(Mode.SHADOW);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		assertThat(page.focused()).isEqualTo(shadow);
	}

	@Test
	void aResetLetsThroughWhoWasRefused() {
		open(WRITABLE, SHOW_KEYS);
		assertThat(this.application.statuses(6, "/api/hello", "X-User", "alice")).endsWith(429);
		page.expect(() -> page.offenders("api").size(), 1);
		page.offenders("api").get(0).findElement(By.className("reset")).sendKeys(Keys.ENTER);
		page.expect(() -> page.text("state"), "alice in api: reset");
		assertThat(this.application.statuses(6, "/api/hello", "X-User", "alice")).containsExactly(200, 200, 200, 200,
				200, 429);
		new Select(page.find("policy")).selectByVisibleText("api");
		page.find("key").sendKeys("alice");
		page.find("reset").click();
		page.expect(() -> page.text("state"), "alice in api: reset");
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
	}

	@Test
	void whereNothingCanBeWrittenThereIsNothingToPressForIt() {
		open();
		this.application.statuses(6, "/api/hello", "X-User", "alice");
		page.expect(() -> page.offenders("api").size(), 1);
		assertThat(page.mode("api", "enforce").isDisplayed()).isTrue();
		assertThat(page.mode("api", "enforce").isEnabled()).isFalse();
		assertThat(page.mode("api", "off").isDisplayed()).isFalse();
		assertThat(page.find("reset").isDisplayed()).isFalse();
		assertThat(page.offenders("api").get(0).findElement(By.className("reset")).isDisplayed()).isFalse();
	}

	@Test
	void whereNothingIsLimitedThereIsNothingToPress() {
		open(WRITABLE, "ratelimit.enabled=false");
		page.expect(() -> page.cards().size(), 4);
		page.expect(() -> page.text("live"), "4 policies, read only");
		assertThat(page.find("reset").isDisplayed()).isFalse();
	}

	@Test
	void anApplicationThatIsGoneIsToldAndOneThatIsBackIsShown() {
		open();
		page.expect(() -> page.cards().size(), 4);
		int port = this.application.port();
		this.application.close();
		page.expect(() -> page.text("live").startsWith("No answer: "), true);
		this.application = start("server.port=" + port);
		page.expect(() -> page.text("live"), "4 policies, read only");
	}

	@Test
	void nothingLeavesTheOriginAndNothingIsWrong() {
		browser.console();
		browser.requests();
		open(WRITABLE);
		page.expectPoints("api", 1);
		page.mode("api", "shadow").click();
		page.expect(() -> page.mode("api", "shadow").getDomAttribute("aria-pressed"), "true");
		String origin = this.application.uri("/").toString();
		assertThat(browser.requests()).hasSizeGreaterThan(5)
			.filteredOn((url) -> !url.equals("about:blank"))
			.allMatch((url) -> url.startsWith(origin));
		assertThat(browser.console()).noneMatch((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue());
	}

	@Test
	void everyThingToPressHasAName() {
		open(WRITABLE, SHOW_KEYS);
		this.application.statuses(6, "/api/hello", "X-User", "alice");
		page.expect(() -> page.offenders("api").size(), 1);
		assertThat(browser.driver().findElements(By.cssSelector("button, input, select")))
			.allMatch((control) -> !control.getAccessibleName().isBlank());
		assertThat(page.card("api").findElement(By.className("mode")).getAccessibleName()).isEqualTo("Mode of api");
	}

	@Test
	void aPictureIsTakenWhereOneIsAskedFor() throws IOException {
		open(WRITABLE, SHOW_KEYS);
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
		if (directory != null) {
			browser.useInstalledFonts();
			Number height = (Number) browser.driver().executeScript("return document.documentElement.scrollHeight");
			browser.resize(1280, height.intValue());
			Files.write(Path.of(directory, "console.png"), browser.driver().getScreenshotAs(OutputType.BYTES));
			browser.resize(1280, 800);
		}
	}

	private void open(String... properties) {
		this.application = start(properties);
		browser.driver().get(this.application.uri("/actuator/ratelimits/console").toString());
	}

	private static Application start(String... properties) {
		String[] all = new String[properties.length + 10];
		List<String> common = List.of("management.endpoints.web.exposure.include=ratelimits",
				"management.endpoint.ratelimits.console.enabled=true", "ratelimit.policies.api.limits=5/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.key=#request.getHeader('X-User')",
				"ratelimit.policies.search.limits=3/1s, 20/1h", "ratelimit.policies.search.paths=/search",
				"ratelimit.policies.search.key=#request.getHeader('X-User')", "ratelimit.policies.search.mode=shadow",
				"ratelimit.policies.exports=6/1m");
		common.toArray(all);
		System.arraycopy(properties, 0, all, common.size(), properties.length);
		return Application.start(Api.class, all);
	}

}
