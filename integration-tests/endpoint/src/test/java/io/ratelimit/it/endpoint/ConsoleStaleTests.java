package io.ratelimit.it.endpoint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

import io.ratelimit.testing.Browser;
import io.ratelimit.testing.Signal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The operators' page does not take an application for alive that has stopped to answer.
 */
class ConsoleStaleTests {

	private static Browser browser;

	private static ConsolePage page;

	private static Process process;

	private static String port;

	@BeforeAll
	static void start() throws IOException {
		browser = Browser.start();
		page = new ConsolePage(browser);
		process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), AnotherProcess.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		BufferedReader out = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		port = Objects.requireNonNull(out.readLine(), "the process has ended");
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		if (process != null) {
			process.destroyForcibly();
		}
	}

	@Test
	void aStoppedProcessIsCalledStaleWithinFiveSecondsAndOneThatGoesOnIsNot() {
		browser.driver().get("http://127.0.0.1:" + port + "/actuator/ratelimits/console");
		page.expect(() -> page.text("live"), "2 policies, read only");
		Signal.STOP.send(process);
		try {
			new WebDriverWait(browser.driver(), Duration.ofSeconds(5), Duration.ofMillis(50)).until(
					(driver) -> page.text("live").startsWith("Stale: no answer within 2.5 s. This is what was so at "));
		}
		finally {
			Signal.CONT.send(process);
		}
		page.expect(() -> page.text("live"), "2 policies, read only");
		assertThat(browser.driver().executeScript("return document.body.className")).isEqualTo("");
	}

	/**
	 * An application that writes its port.
	 */
	static final class AnotherProcess {

		private AnotherProcess() {
		}

		public static void main(String[] args) {
			System.out.println(new SpringApplicationBuilder(Api.class)
				.run("--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=off",
						"--management.endpoints.web.exposure.include=ratelimits",
						"--management.endpoint.ratelimits.console.enabled=true", "--ratelimit.policies.exports=6/1m")
				.getBean(Environment.class)
				.getRequiredProperty("local.server.port"));
		}

	}

}
