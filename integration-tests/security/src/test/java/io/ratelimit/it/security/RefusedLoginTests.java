package io.ratelimit.it.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A person who is refused at the login sees a page, and a script sees problem details.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedLoginTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	private static final String FORM = "application/x-www-form-urlencoded";

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aPersonSeesAPageThatCountsDown() throws IOException {
		start("ratelimit.policies.login.limits=1/3s");
		try (Browser browser = Browser.start()) {
			logIn(browser);
			logIn(browser);
			WebElement detail = browser.driver().findElement(By.id("detail"));
			assertThat(browser.driver().findElement(By.tagName("h1")).getText()).isEqualTo("Too Many Requests");
			assertThat(detail.getText()).matches("Too many requests; try again in ([23] seconds|a second)\\.");
			new WebDriverWait(browser.driver(), Duration.ofSeconds(20))
				.until(ExpectedConditions.textToBePresentInElement(detail, "You can try again now."));
			browser.driver().findElement(By.linkText("Try again")).click();
			assertThat(browser.driver().findElement(By.name("username")).isDisplayed()).isTrue();
		}
	}

	@Test
	void aLongWaitIsNotCountedInSeconds() throws IOException {
		start("ratelimit.policies.login.limits=1/26h");
		try (Browser browser = Browser.start()) {
			logIn(browser);
			logIn(browser);
			assertThat(browser.driver().findElement(By.id("detail")).getText())
				.isEqualTo("Too many requests; try again in 1 day and 2 hours.");
		}
	}

	private void logIn(Browser browser) {
		browser.driver().get(this.application.uri("/login").toString());
		browser.driver().findElement(By.name("username")).sendKeys("alice");
		WebElement password = browser.driver().findElement(By.name("password"));
		password.sendKeys("wrong");
		password.submit();
	}

	@Test
	void aScriptSeesProblemDetails() {
		start("ratelimit.policies.login.limits=1/1m");
		post("*/*");
		Answer refused = post("*/*");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(refused.body()).contains("quota-exceeded");
		Answer page = post(BROWSER);
		assertThat(page.status()).isEqualTo(429);
		assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
		assertThat(page.header("Retry-After")).isEqualTo("60");
		assertThat(page.header("RateLimit")).startsWith("\"login\";r=0");
		assertThat(page.header("Cache-Control")).isEqualTo("no-store");
		assertThat(page.body()).contains("Too many requests; try again in 60 seconds.");
	}

	@Test
	void curlSeesProblemDetails() throws IOException {
		start("ratelimit.policies.login.limits=1/1m");
		post("*/*");
		Process curl = new ProcessBuilder("curl", "--silent", "--include", "--noproxy", "*", "--data",
				"username=alice&password=wrong", this.application.uri("/login").toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 429")
			.containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n")
			.contains("\"title\":\"Too Many Requests\"");
	}

	@Test
	void aPageOfTheApplicationIsShownThatIsAFile() {
		start("ratelimit.policies.login.limits=1/1m", "spring.web.resources.static-locations=classpath:/pages/");
		post(BROWSER);
		Answer page = post(BROWSER);
		assertThat(page.status()).isEqualTo(429);
		assertThat(page.header("Retry-After")).isEqualTo("60");
		assertThat(page.body()).contains("Überlastet");
		assertThat(post("application/json").header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void aPageOfTheApplicationIsShownThatIsATemplate() {
		start("ratelimit.policies.login.limits=1/1m", "spring.thymeleaf.prefix=classpath:/templates-for-429/");
		post(BROWSER);
		Answer page = post(BROWSER);
		assertThat(page.status()).isEqualTo(429);
		assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
		assertThat(page.body()).contains("Zu früh: 429 Too Many Requests",
				"Too many requests; try again in 60 seconds.", "in 60 s", "login");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html;charset=ISO-2022-CN", "text/html;charset=utf-16", "text/html;x=\"a,b\"" })
	void whatAClientAcceptsIsNotRepeated(String accept) {
		start("ratelimit.policies.login.limits=1/1m", "spring.thymeleaf.prefix=classpath:/templates-for-429/");
		post(BROWSER);
		Answer page = post(accept);
		assertThat(page.status()).isEqualTo(429);
		assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
		assertThat(page.body()).contains("Zu früh");
	}

	@Test
	void theTemplateForAllErrorsIsShownWhereThereIsNoOther() {
		start("ratelimit.policies.login.limits=1/1m", "spring.thymeleaf.prefix=classpath:/templates-for-all/");
		post(BROWSER);
		assertThat(post(BROWSER).body()).contains("An error: 429");
	}

	@Test
	void aTemplateThatFailsGivesWayToAPlainPage(CapturedOutput output) {
		start("ratelimit.policies.login.limits=1/1m", "spring.thymeleaf.prefix=classpath:/templates-that-fail/");
		post(BROWSER);
		Answer page = post(BROWSER);
		assertThat(page.status()).isEqualTo(429);
		assertThat(page.body()).contains("Too many requests; try again in 60 seconds.").doesNotContain("half of it");
		assertThat(post(BROWSER).body()).contains("Too many requests; try again in 60 seconds.");
		assertThat(output.toString().split("The error page for status 429 cannot be rendered for a refusal", -1))
			.hasSize(2);
	}

	private Answer post(String accept) {
		return this.application.post("/login", "username=alice&password=wrong", "Content-Type", FORM, "Accept", accept);
	}

	private void start(String... properties) {
		String[] all = new String[properties.length + 2];
		all[0] = "ratelimit.policies.login.paths=/login";
		all[1] = "ratelimit.policies.login.methods=POST";
		System.arraycopy(properties, 0, all, 2, properties.length);
		this.application = Application.startInRealTime(Accounts.class, all);
	}

}
