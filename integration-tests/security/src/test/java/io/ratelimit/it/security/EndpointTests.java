package io.ratelimit.it.security;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint and its page behind Spring Security.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointTests {

	private static final Pattern CSRF = Pattern.compile("data-csrf-header=\"([^\"]+)\" data-csrf-token=\"([^\"]+)\"");

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void thePageIsBehindWhatGuardsTheActuator() {
		start();
		for (String path : new String[] { "", "/console", "/console/console.js", "/policies/api" }) {
			assertThat(this.application.get("/actuator/ratelimits" + path).status()).as(path).isEqualTo(401);
			assertThat(this.application.get("/actuator/ratelimits" + path, Accounts.basic("alice")).status()).as(path)
				.isEqualTo(200);
		}
	}

	@Test
	void keysAreShownToWhoIsAuthorized() {
		start("management.endpoint.ratelimits.show-keys=when-authorized");
		assertThat(offenders("alice")).contains("a stranger");
	}

	@Test
	void keysAreShownToWhoHasTheRole() {
		start("management.endpoint.ratelimits.show-keys=when-authorized",
				"management.endpoint.ratelimits.roles=OPERATOR");
		assertThat(offenders("alice")).doesNotContain("a stranger");
		assertThat(offenders("bob")).contains("a stranger");
	}

	@Test
	void keysAreShownToNobodyByDefault() {
		start();
		assertThat(offenders("bob")).doesNotContain("a stranger").contains("\"refusals\":1");
	}

	@Test
	void thePageIsToldWhatGuardsAgainstForgedRequests(CapturedOutput output) {
		start("logging.level.io.ratelimit=info");
		String[] bob = Accounts.basic("bob");
		String body = "{\"mode\":\"shadow\"}";
		Answer forged = this.application.post("/actuator/ratelimits/policies/api", body,
				with(bob, "Content-Type", "application/json"));
		assertThat(forged.status()).isEqualTo(403);
		Answer page = this.application.get("/actuator/ratelimits/console", bob);
		Matcher csrf = CSRF.matcher(page.body());
		assertThat(csrf.find()).isTrue();
		String session = page.header("Set-Cookie").replaceFirst(";.*", "");
		Answer changed = this.application.post("/actuator/ratelimits/policies/api", body,
				with(bob, "Content-Type", "application/json", csrf.group(1), csrf.group(2), "Cookie", session));
		assertThat(changed.status()).isEqualTo(200);
		assertThat(changed.body()).contains("\"mode\":\"shadow\"");
		assertThat(output)
			.contains("Policy 'api' was changed by \"bob\": from [1/1m], mode enforce to [1/1m], mode shadow");
		Answer reset = this.application.send("DELETE", "/actuator/ratelimits/keys/api?key=a%20stranger", "",
				with(bob, csrf.group(1), csrf.group(2), "Cookie", session));
		assertThat(reset.status()).isEqualTo(204);
		assertThat(output).containsPattern("Key [0-9a-f]{12} of policy 'api' was reset by \"bob\"")
			.doesNotContain("a stranger");
	}

	private String offenders(String user) {
		this.application.bean(RateLimits.class).limiter("api").tryAcquire("a stranger", 2);
		return this.application.get("/actuator/ratelimits", Accounts.basic(user)).body();
	}

	private static String[] with(String[] headers, String... more) {
		return Stream.concat(Arrays.stream(headers), Arrays.stream(more)).toArray(String[]::new);
	}

	private void start(String... properties) {
		this.application = Application.start(Operations.class,
				with(properties, "management.endpoints.web.exposure.include=ratelimits",
						"management.endpoint.ratelimits.access=unrestricted",
						"management.endpoint.ratelimits.console.enabled=true", "ratelimit.policies.api.limits=1/1m"));
	}

}
