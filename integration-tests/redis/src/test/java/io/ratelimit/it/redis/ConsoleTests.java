package io.ratelimit.it.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The operators' page says within ten seconds that Redis is gone, what happens to
 * requests meanwhile, and that it is over, without any request.
 */
class ConsoleTests {

	@Test
	void anOutageIsToldWhileItLastsAndWhenItIsOver() throws IOException {
		try (RedisServer server = RedisServer.start();
				Application allow = start(server, "allow");
				Application deny = start(server, "deny");
				Application local = start(server, "local");
				Browser browser = Browser.start()) {
			Map<Application, String> applications = Map.of(allow, "1 allowed uncounted", deny, "1 denied", local,
					"1 counted in process");
			applications.forEach((application, told) -> expect(browser, application, "Counted in redis"));
			server.kill();
			applications.forEach((application, told) -> {
				expect(browser, application, "Counted in redis, which is DOWN since [0-9:]{8}: .+");
				application.get("/api/hello");
				expect(browser, application,
						"Counted in redis, which is DOWN since .+: .+, decisions it could not make: " + told);
			});
			server.restart();
			applications.forEach((application, told) -> expect(browser, application,
					"Counted in redis, the last outage began [0-9:]{8} and took .+; decisions it could not make: "
							+ told));
		}
	}

	/**
	 * Waits until the page of an application says something of the store.
	 */
	private static void expect(Browser browser, Application application, String store) {
		String page = application.uri("/actuator/ratelimits/console").toString();
		if (!page.equals(browser.driver().getCurrentUrl())) {
			browser.driver().get(page);
		}
		new WebDriverWait(browser.driver(), Duration.ofSeconds(10), Duration.ofMillis(20))
			.until(ExpectedConditions.textMatches(By.id("store"), Pattern.compile("^" + store + "$")));
	}

	private static Application start(RedisServer server, String failureMode) {
		return Application.startInRealTime(Api.class, "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + server.port(), "ratelimit.store=redis", "ratelimit.redis.timeout=500ms",
				"ratelimit.failure-mode=" + failureMode, "ratelimit.policies.api.limits=3/1h",
				"ratelimit.policies.api.paths=/api/**", "management.endpoints.web.exposure.include=ratelimits",
				"management.endpoint.ratelimits.console.enabled=true");
	}

}
