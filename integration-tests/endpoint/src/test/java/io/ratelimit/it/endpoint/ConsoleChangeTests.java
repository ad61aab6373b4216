package io.ratelimit.it.endpoint;

import io.ratelimit.Mode;
import io.ratelimit.RateLimits;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the operators' page changes, in a browser: nothing that was not confirmed.
 */
class ConsoleChangeTests extends WithConsolePage {

	@Test
	void aModeIsSwitchedWithTheKeyboardAloneOnceItIsConfirmed() {
		open(ConsolePage.WRITABLE);
		page.expect(() -> page.cards().size(), 4);
		this.application.statuses(5, "/api/hello", "X-User", "alice");
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
		WebElement shadow = page.mode("api", "shadow");
		for (int i = 0; i < 30 && !page.focused().equals(shadow); i++) {
			page.focused().sendKeys(Keys.TAB);
		}
		assertThat(page.focused()).isEqualTo(shadow);
		page.focused().sendKeys(Keys.SPACE);
		assertThat(page.toldText("api")).startsWith("Switch api from enforce to shadow?")
			.endsWith("This instance only, until it is started again.");
		assertThat(mode()).isEqualTo(Mode.ENFORCE);
		page.focused().sendKeys(Keys.ESCAPE);
		assertThat(page.focused()).isEqualTo(shadow);
		page.focused().sendKeys(Keys.SPACE);
		page.focused().sendKeys(Keys.SPACE);
		page.expect(() -> page.mode("api", "shadow").getDomAttribute("aria-pressed"), "true");
		assertThat(page.mode("api", "enforce").getDomAttribute("aria-pressed")).isEqualTo("false");
		page.expect(() -> page.toldText("api"), "api is changed: mode shadow");
		assertThat(mode()).isEqualTo(Mode.SHADOW);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		page.expect(() -> page.focused(), shadow);
		page.button("api", "Undo").click();
		assertThat(page.toldText("api")).isEqualTo("Change api back to 5/1m, enforce?");
		page.button("api", "Change back").click();
		page.expect(() -> page.toldText("api"), "api is changed back: mode enforce");
		assertThat(mode()).isEqualTo(Mode.ENFORCE);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void limitsAreChangedWithAMouseAfterTheyWereTried() {
		open(ConsolePage.WRITABLE);
		page.expect(() -> page.cards().size(), 4);
		this.application.statuses(6, "/api/hello", "X-User", "alice");
		page.button("api", "Change limits").click();
		page.expect(() -> page.told("api").findElement(By.className("preview")).getText(),
				"Over the last 0 s these limits would have refused 1 of 6 requests and 1 of 1 key; the limits in force, "
						+ "1 of 6 requests and 1 of 1 key.");
		WebElement limits = page.told("api").findElement(By.tagName("input"));
		assertThat(limits.getDomProperty("value")).isEqualTo("5/1m");
		limits.clear();
		limits.sendKeys("fast");
		page.expect(() -> page.told("api")
			.findElement(By.className("preview"))
			.getText()
			.startsWith("'fast' is not a limit"), true);
		limits.clear();
		limits.sendKeys("20/1m");
		page.expect(() -> page.told("api")
			.findElement(By.className("preview"))
			.getText()
			.contains("would have refused 0 of 6 requests and 0 of 1 key;"), true);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
		page.button("api", "Apply").click();
		page.expect(() -> page.toldText("api"), "api is changed: limits 20/1m");
		assertThat(this.application.get("/api/hello", "X-User", "alice").header("RateLimit-Policy"))
			.isEqualTo("\"api\";q=20;w=60");
		page.expect(() -> page.history().size(), 1);
		assertThat(page.history().get(0).getText())
			.matches("(?s)[0-9:]{8} somebody who is not known changed api from 5/1m, enforce to 20/1m, enforce.*");
		page.button(page.history().get(0), "Undo").click();
		page.button(page.history().get(0), "Change back").click();
		page.expect(() -> page.history().size(), 2);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void whatSomebodyElseHasChangedMeanwhileIsNotOverwritten() {
		open(ConsolePage.WRITABLE);
		page.expect(() -> page.cards().size(), 4);
		page.mode("api", "off").click();
		change("{\"mode\":\"shadow\"}");
		page.button("api", "Switch to off").click();
		String nothing = "api was changed meanwhile, to %s: nothing is done";
		page.expect(() -> page.toldText("api"), nothing.formatted("5/1m, shadow"));
		assertThat(mode()).isEqualTo(Mode.SHADOW);
		page.expect(() -> page.mode("api", "shadow").getDomAttribute("aria-pressed"), "true");
		page.button("api", "Change limits").click();
		change("{\"limits\":\"40/1m\"}");
		WebElement limits = page.card("api").findElement(By.cssSelector("form input"));
		limits.clear();
		limits.sendKeys("30/1m" + Keys.ENTER);
		page.expect(() -> page.card("api").findElement(By.className("preview")).getText(),
				nothing.formatted("40/1m, shadow"));
		page.button("api", "Cancel").click();
		page.expect(() -> page.card("api").findElement(By.className("limits")).getText(), "40/1m");
		page.mode("api", "enforce").click();
		page.button("api", "Switch to enforce").click();
		page.expect(() -> page.toldText("api"), "api is changed: mode enforce");
		change("{\"limits\":\"50/1m\"}");
		page.button("api", "Undo").click();
		page.button("api", "Change back").click();
		page.expect(() -> page.toldText("api"), nothing.formatted("50/1m, enforce"));
		assertThat(mode()).isEqualTo(Mode.ENFORCE);
	}

	@Test
	void twoPressesAreOneChange() {
		open(ConsolePage.WRITABLE);
		page.expect(() -> page.cards().size(), 4);
		page.button("api", "Change limits").click();
		WebElement limits = page.told("api").findElement(By.tagName("input"));
		limits.clear();
		limits.sendKeys("30/1m" + Keys.ENTER + Keys.ENTER);
		page.expect(() -> page.toldText("api"), "api is changed: limits 30/1m");
		page.expect(() -> page.history().size(), 1);
		browser.driver().navigate().refresh();
		page.expect(() -> page.history().size(), 1);
	}

	private void change(String body) {
		assertThat(this.application.send("POST", "/actuator/ratelimits/policies/api", body, Endpoint.JSON).status())
			.isEqualTo(200);
	}

	@Test
	void aResetLetsThroughWhoWasRefusedOnceItIsConfirmed() {
		open(ConsolePage.WRITABLE, ConsolePage.SHOW_KEYS);
		assertThat(this.application.statuses(6, "/api/hello", "X-User", "alice")).endsWith(429);
		page.expect(() -> page.offenders("api").size(), 1);
		WebElement alice = page.offenders("api").get(0);
		alice.findElement(By.className("reset")).sendKeys(Keys.ENTER);
		assertThat(page.toldOf(alice)).isEqualTo("Forget what this key has used? That cannot be undone.");
		page.button(alice, "Cancel").click();
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
		alice.findElement(By.className("reset")).click();
		alice.findElement(By.cssSelector(".told button")).click();
		page.expect(() -> page.toldOf(alice), "reset");
		assertThat(this.application.statuses(6, "/api/hello", "X-User", "alice")).containsExactly(200, 200, 200, 200,
				200, 429);
		new Select(page.find("policy")).selectByVisibleText("api");
		page.find("key").sendKeys("alice" + Keys.ENTER);
		page.expect(() -> page.text("state").startsWith("alice in api: refused by 5/1m"), true);
		page.button(page.find("state"), "Reset").click();
		page.button(page.find("state"), "Reset").click();
		page.expect(() -> page.text("state"), "alice in api is reset");
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		page.button("api", "Reset all keys").click();
		assertThat(page.toldText("api")).isEqualTo("Forget what all keys of api have used? That cannot be undone.");
		page.button(page.told("api"), "Reset all keys").click();
		page.expect(() -> page.toldText("api"), "All keys of api are reset");
		page.expect(() -> page.offenders("api").size(), 0);
		page.expect(() -> page.history().size(), 3);
	}

	@Test
	void whereNothingCanBeWrittenThereIsNothingToPressForIt() {
		open();
		this.application.statuses(6, "/api/hello", "X-User", "alice");
		page.expect(() -> page.offenders("api").size(), 1);
		assertThat(page.mode("api", "enforce").isDisplayed()).isTrue();
		assertThat(page.mode("api", "enforce").isEnabled()).isFalse();
		assertThat(page.mode("api", "off").isDisplayed()).isFalse();
		assertThat(page.card("api").findElement(By.className("foot")).getText()).isEmpty();
		assertThat(page.offenders("api").get(0).findElement(By.className("reset")).isDisplayed()).isFalse();
	}

	@Test
	void whereNothingIsLimitedThereIsNothingToPress() {
		open(ConsolePage.WRITABLE, "ratelimit.enabled=false");
		page.expect(() -> page.cards().size(), 4);
		page.expect(() -> page.text("live"), "4 policies, read only");
		assertThat(page.card("api").findElement(By.className("foot")).getText()).isEmpty();
	}

	private Mode mode() {
		return this.application.bean(RateLimits.class).limiter("api").policy().mode();
	}

}
