package io.ratelimit.sample;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.ratelimit.testing.Browser;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A card of the page, with one of its buttons.
 */
final class Card {

	private final Browser browser;

	private final WebElement card;

	private final WebElement row;

	Card(Browser browser, String id, int button) {
		this.browser = browser;
		this.card = browser.driver().findElement(By.id(id));
		this.row = this.card.findElements(By.className("try")).get(button);
	}

	void press() {
		this.row.findElement(By.tagName("button")).click();
	}

	String state() {
		return this.row.getDomAttribute("data-state");
	}

	WebElement bar() {
		return this.row.findElement(By.className("bar"));
	}

	/**
	 * Returns which part of the bar is filled.
	 */
	double fill() {
		Object share = this.browser.driver()
			.executeScript(
					"const style = getComputedStyle(arguments[0]);"
							+ "return String(style.getPropertyValue('--value') / style.getPropertyValue('--maximum'))",
					bar());
		return Double.parseDouble(String.valueOf(share));
	}

	String field(String name) {
		return this.card.findElement(By.cssSelector("dd." + name)).getText();
	}

	WebElement element(String name) {
		return (name.equals("caption") ? this.row : this.card).findElement(By.className(name));
	}

	String text(String name) {
		return element(name).getText();
	}

	void expect(String name, String text) {
		expect(() -> text(name), text);
	}

	void expectState(String state) {
		expect(this::state, state);
	}

	/**
	 * Keeps every caption from now on.
	 */
	void record() {
		this.browser.driver()
			.executeScript(
					"const caption = arguments[0]; window.captions = [];"
							+ "new MutationObserver(() => captions.at(-1) === caption.textContent"
							+ " || captions.push(caption.textContent)).observe(caption, { childList: true })",
					element("caption"));
	}

	void expectRecorded(String... captions) {
		expect(() -> this.browser.driver().executeScript("return captions.slice(0, arguments[0])", captions.length),
				List.of(captions));
	}

	private void expect(Supplier<Object> actual, Object expected) {
		new WebDriverWait(this.browser.driver(), Duration.ofSeconds(20), Duration.ofMillis(20))
			.withMessage(() -> "expected '" + expected + "', and it is '" + actual.get() + "'")
			.until((driver) -> expected.equals(actual.get()));
	}

}
