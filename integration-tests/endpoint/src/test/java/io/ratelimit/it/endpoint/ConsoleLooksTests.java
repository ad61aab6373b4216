package io.ratelimit.it.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.deque.html.axecore.results.CheckedNode;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The operators' page can be used by everybody, on any screen, in daylight and at night
 * (WCAG 2.2, AA), as far as a program can tell.
 */
@Tag("looks")
class ConsoleLooksTests {

	private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
			"best-practice");

	/** What axe does not look at: the parts of controls against what is behind them. */
	private static final double CONTRAST_OF_CONTROLS = 3;

	/** The least size of what is pressed, in pixels each way (WCAG 2.2, 2.5.8). */
	private static final int TARGET = 24;

	private static final String CONTRAST = """
			const light = (color) => {
			  const [red, green, blue] = color.match(/[0-9.]+/g).slice(0, 3).map((part) => {
			    const share = part / 255;
			    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
			  });
			  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
			};
			const behind = (element) => {
			  for (let each = element; each; each = each.parentElement) {
			    const color = getComputedStyle(each).backgroundColor;
			    if (!/, 0\\)$|transparent/.test(color)) {
			      return color;
			    }
			  }
			};
			const ratio = (one, other) => {
			  const [dark, bright] = [light(one), light(other)].sort((x, y) => x - y);
			  return (bright + 0.05) / (dark + 0.05);
			};
			const control = arguments[0];
			control.focus({ focusVisible: true });
			const style = getComputedStyle(control);
			return Math.min(ratio(style.borderTopColor, behind(control.parentElement)),
			  ratio(style.outlineColor, behind(control.parentElement)));
			""";

	private static Browser browser;

	private static ConsolePage page;

	private static Application application;

	@BeforeAll
	static void start() throws IOException {
		browser = Browser.start();
		page = new ConsolePage(browser);
		application = Application.start(Api.class, "management.endpoints.web.exposure.include=ratelimits",
				"management.endpoint.ratelimits.console.enabled=true",
				"management.endpoint.ratelimits.access=unrestricted", "management.endpoint.ratelimits.show-keys=always",
				"ratelimit.policies.api.limits=5/1m", "ratelimit.policies.api.paths=/api/**",
				"ratelimit.policies.api.key=#request.getHeader('X-User')",
				"ratelimit.policies.search.limits=3/1s, 20/1h", "ratelimit.policies.search.paths=/search",
				"ratelimit.policies.search.mode=shadow", "ratelimit.policies.closed.limits=1/1s",
				"ratelimit.policies.closed.mode=off", "ratelimit.policies.exports=6/1m");
		for (int i = 1; i < 8; i++) {
			application.statuses(6, "/api/hello", "X-User", "somebody-with-a-rather-long-name-" + "x".repeat(50) + i);
		}
		application.statuses(5, "/search");
	}

	@AfterAll
	static void close() {
		if (browser != null) {
			browser.close();
		}
		if (application != null) {
			application.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "390,light", "390,dark", "1280,light", "1280,dark", "1920,light", "1920,dark" })
	void nothingIsInTheWayOfAnybody(int width, String scheme) throws IOException {
		browser.resize(width, 800);
		browser.driver()
			.executeCdpCommand("Emulation.setEmulatedMedia",
					Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		browser.driver().get(application.uri("/actuator/ratelimits/console").toString());
		page.expect(() -> page.offenders("api").size(), 5);
		assertUsable();
		assertThat(browser.driver()
			.executeScript(
					"const {scrollWidth, clientWidth} = document.documentElement; return scrollWidth - clientWidth"))
			.as("scrolls sideways")
			.isEqualTo(0L);

		everythingIsOpen();
		assertUsable();
		picture("console-%s-%s.png".formatted(width, scheme));

		List<WebElement> controls = Stream.of("button", "input", "select")
			.flatMap((name) -> browser.driver().findElements(By.tagName(name)).stream())
			.filter(WebElement::isDisplayed)
			.toList();
		assertThat(controls).hasSizeGreaterThan(20).allSatisfy((control) -> {
			String name = control.getAccessibleName();
			assertThat(control.getSize().getHeight()).as(name).isGreaterThanOrEqualTo(TARGET);
			assertThat(control.getSize().getWidth()).as(name).isGreaterThanOrEqualTo(TARGET);
			assertThat((Number) browser.driver().executeScript(CONTRAST, control)).as(name)
				.extracting(Number::doubleValue)
				.satisfies((ratio) -> assertThat(ratio).isGreaterThanOrEqualTo(CONTRAST_OF_CONTROLS));
		});
	}

	/**
	 * Opens all that can be opened, and sees that each is where it was pressed.
	 */
	private static void everythingIsOpen() {
		page.find("key").sendKeys("somebody" + Keys.ENTER);
		page.find("path").sendKeys("/api/hello" + Keys.ENTER);
		press(page.mode("api", "off"));
		page.expect(() -> page.toldText("api").startsWith("Switch api from enforce to off?"), true);
		assertSeen(page.told("api"));
		press(page.button("search", "Change limits"));
		page.expect(() -> page.told("search").findElement(By.className("preview")).getText().isEmpty(), false);
		assertSeen(page.told("search"));
		WebElement offender = page.offenders("api").get(4);
		press(offender.findElement(By.className("reset")));
		assertSeen(offender.findElement(By.className("told")));
		WebElement other = page.offenders("api").get(3);
		press(page.button(other, "State"));
		page.expect(() -> page.toldOf(other).isEmpty(), false);
		assertSeen(other.findElement(By.className("told")));
	}

	private static void press(WebElement button) {
		browser.driver().executeScript("arguments[0].scrollIntoView({block: 'center'})", button);
		button.click();
	}

	private static void assertSeen(WebElement element) {
		Object seen = browser.driver().executeScript("""
				const {top, bottom} = arguments[0].getBoundingClientRect();
				return bottom > top && top >= 0 && bottom <= innerHeight;""", element);
		assertThat(seen).as("seen without scrolling").isEqualTo(true);
	}

	private static void assertUsable() {
		assertThat(new AxeBuilder().withTags(RULES).analyze(browser.driver()).getViolations())
			.extracting((rule) -> rule.getId() + ": " + rule.getNodes().stream().map(CheckedNode::getHtml).toList())
			.isEmpty();
	}

	/**
	 * Takes a picture of the whole page where one is asked for.
	 */
	private static void picture(String name) throws IOException {
		String directory = System.getProperty("pictures");
		if (directory != null) {
			browser.useInstalledFonts();
			Number height = (Number) browser.driver().executeScript("return document.documentElement.scrollHeight");
			Number width = (Number) browser.driver().executeScript("return innerWidth");
			browser.resize(width.intValue(), height.intValue());
			Files.write(Path.of(directory, name), browser.driver().getScreenshotAs(OutputType.BYTES));
		}
	}

}
