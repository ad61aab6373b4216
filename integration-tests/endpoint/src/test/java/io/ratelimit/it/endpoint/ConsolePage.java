package io.ratelimit.it.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * What is on the operators' page.
 */
final class ConsolePage {

	static final String WRITABLE = "management.endpoint.ratelimits.access=unrestricted";

	static final String SHOW_KEYS = "management.endpoint.ratelimits.show-keys=always";

	private static final List<String> PROPERTIES = List.of("management.endpoints.web.exposure.include=ratelimits",
			"management.endpoint.ratelimits.console.enabled=true", "ratelimit.policies.api.limits=5/1m",
			"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.key=#request.getHeader('X-User')",
			"ratelimit.policies.api.cost=1 + 0", "ratelimit.policies.api.failure-mode=deny",
			"ratelimit.policies.search.limits=3/1s, 20/1h", "ratelimit.policies.search.paths=/search",
			"ratelimit.policies.search.key=#request.getHeader('X-User')", "ratelimit.policies.search.mode=shadow",
			"ratelimit.policies.exports=6/1m");

	private final Browser browser;

	ConsolePage(Browser browser) {
		this.browser = browser;
	}

	/**
	 * Starts an application with four policies and this page.
	 */
	static Application start(String... properties) {
		return Application.start(Api.class,
				Stream.concat(PROPERTIES.stream(), Stream.of(properties)).toArray(String[]::new));
	}

	void open(Application application) {
		this.browser.driver().get(application.uri("/actuator/ratelimits/console").toString());
	}

	List<WebElement> cards() {
		return this.browser.driver().findElements(By.cssSelector("article[data-policy]"));
	}

	WebElement card(String policy) {
		return this.browser.driver().findElement(By.cssSelector("article[data-policy='" + policy + "']"));
	}

	List<WebElement> offenders(String policy) {
		return this.browser.driver()
			.findElements(By.cssSelector("article[data-policy='" + policy + "'] .offenders tbody tr"));
	}

	WebElement mode(String policy, String mode) {
		return card(policy).findElements(By.cssSelector(".mode button"))
			.stream()
			.filter((button) -> mode.equals(button.getDomProperty("textContent")))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Returns what can be pressed on the card of a policy.
	 */
	WebElement button(String policy, String text) {
		return button(card(policy), text);
	}

	WebElement button(WebElement within, String text) {
		return within.findElements(By.tagName("button"))
			.stream()
			.filter((button) -> button.isDisplayed() && button.getText().equals(text))
			.findFirst()
			.orElseThrow(() -> new NoSuchElementException("no button " + text));
	}

	/**
	 * Returns the place on the card of a policy where it says what came of an action.
	 */
	WebElement told(String policy) {
		return card(policy).findElements(By.cssSelector(".told.above, .told.below"))
			.stream()
			.filter(WebElement::isDisplayed)
			.findFirst()
			.orElseThrow(() -> new NoSuchElementException("nothing is said"));
	}

	String toldText(String policy) {
		return told(policy).findElement(By.tagName("span")).getText();
	}

	/**
	 * Returns what is said beside an offender.
	 */
	String toldOf(WebElement offender) {
		return offender.findElement(By.cssSelector(".told span")).getText();
	}

	List<WebElement> history() {
		return this.browser.driver().findElements(By.cssSelector("#history li"));
	}

	String rate(String policy, String series) {
		return card(policy).findElement(By.cssSelector("p." + series + " b")).getText();
	}

	String drawn(String policy, String series) {
		return card(policy).findElement(By.cssSelector("path." + series)).getDomAttribute("d");
	}

	void expectPoints(String policy, int atLeast) {
		expect(() -> {
			String points = card(policy).findElement(By.className("chart")).getDomAttribute("data-points");
			return points != null && Integer.parseInt(points) >= atLeast;
		}, true);
	}

	WebElement find(String id) {
		return this.browser.driver().findElement(By.id(id));
	}

	String text(String id) {
		return find(id).getText();
	}

	WebElement focused() {
		return this.browser.driver().switchTo().activeElement();
	}

	void expect(Supplier<Object> actual, Object expected) {
		new WebDriverWait(this.browser.driver(), Duration.ofSeconds(20), Duration.ofMillis(20))
			.withMessage(() -> "expected '" + expected + "', and it is '" + actual.get() + "'")
			.ignoring(NoSuchElementException.class)
			.until((driver) -> expected.equals(actual.get()));
	}

}
