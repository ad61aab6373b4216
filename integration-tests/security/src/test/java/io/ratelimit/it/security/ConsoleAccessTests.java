package io.ratelimit.it.security;

import java.io.IOException;
import java.time.Duration;

import io.ratelimit.Mode;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.WebDriverWait;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The operators' page says in words what somebody may not do, or not do any more.
 */
class ConsoleAccessTests {

	private static final String ENDED = "Your session has ended, or you are not logged in. Load this page again to log in.";

	private static Browser browser;

	private Application application;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
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
		browser.driver().manage().deleteAllCookies();
		browser.driver().get("about:blank");
		this.application.close();
	}

	@Test
	void whoMayChangeNothingIsToldWhereThatWasTried() {
		open("alice");
		expect(By.id("live"), "1 policy, changes allowed");
		press("off");
		press("Switch to off");
		expect(By.cssSelector("article .told span"), "Your account may look, and not change anything here. If you have "
				+ "logged in again since you opened this page, load it again.");
		assertThat(mode()).isEqualTo(Mode.ENFORCE);
	}

	@Test
	void aChangeIsNotedWithWhoHasMadeIt() {
		open("bob");
		expect(By.id("live"), "1 policy, changes allowed");
		press("shadow");
		press("Switch to shadow");
		expect(By.cssSelector("article .told span"), "api is changed: mode shadow");
		assertThat(mode()).isEqualTo(Mode.SHADOW);
		expect(By.cssSelector("#history li span"), "bob changed api from 1/1m, enforce to 1/1m, shadow");
	}

	@Test
	void aSessionThatHasEndedIsToldWhereOneIsSentToLogIn() {
		open("bob");
		expect(By.id("live"), "1 policy, changes allowed");
		browser.driver().manage().deleteAllCookies();
		expect(By.id("live"), ENDED);
		press("off");
		press("Switch to off");
		expect(By.cssSelector("article .told span"), ENDED);
	}

	@Test
	void aSessionThatHasEndedIsToldWhereTheAnswerIs401() {
		open("bob", "desk.answers-with-401=true");
		expect(By.id("live"), "1 policy, changes allowed");
		browser.driver().manage().deleteAllCookies();
		expect(By.id("live"), ENDED);
	}

	/**
	 * A browser would ask for a password, and leave the page without an answer.
	 */
	@Test
	void aSessionThatHasEndedIsToldWherePasswordsAreTakenToo() {
		open("bob", "desk.takes-basic=true");
		expect(By.id("live"), "1 policy, changes allowed");
		browser.driver().manage().deleteAllCookies();
		expect(By.id("live"), ENDED);
	}

	@Test
	void whoMaySeeNothingIsToldSo() {
		open("carol");
		expect(By.id("live"), "Your account may not see this.");
	}

	private Mode mode() {
		return this.application.bean(RateLimits.class).limiter("api").policy().mode();
	}

	private void open(String user, String... properties) {
		String[] all = new String[properties.length + 5];
		all[0] = "management.endpoints.web.exposure.include=ratelimits";
		all[1] = "management.endpoint.ratelimits.access=unrestricted";
		all[2] = "management.endpoint.ratelimits.console.enabled=true";
		all[3] = "ratelimit.policies.api.limits=1/1m";
		all[4] = "ratelimit.policies.api.paths=/api/**";
		System.arraycopy(properties, 0, all, 5, properties.length);
		this.application = Application.start(Desk.class, all);
		browser.driver().get(this.application.uri("/actuator/ratelimits/console").toString());
		browser.driver().findElement(By.name("username")).sendKeys(user);
		WebElement password = browser.driver().findElement(By.name("password"));
		password.sendKeys(user.substring(0, 1));
		password.submit();
	}

	/**
	 * Presses a button once it is there.
	 */
	private static void press(String name) {
		waiting().until((driver) -> {
			driver.findElements(By.tagName("button"))
				.stream()
				.filter((button) -> button.isDisplayed() && button.getText().equals(name))
				.findFirst()
				.orElseThrow(() -> new NoSuchElementException(name))
				.click();
			return true;
		});
	}

	private static void expect(By place, String text) {
		waiting().withMessage(() -> browser.driver().findElement(By.tagName("body")).getText())
			.until((driver) -> text.equals(driver.findElement(place).getText().strip()));
	}

	private static WebDriverWait waiting() {
		WebDriverWait waiting = new WebDriverWait(browser.driver(), Duration.ofSeconds(20), Duration.ofMillis(20));
		waiting.ignoring(NoSuchElementException.class).ignoring(StaleElementReferenceException.class);
		return waiting;
	}

}
