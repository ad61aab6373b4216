package io.ratelimit.it.endpoint;

import java.net.URI;
import java.util.Arrays;
import java.util.List;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A limit on everything does not take health and the operators' page away.
 */
@ExtendWith(OutputCaptureExtension.class)
class ManagementPathsTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@CsvSource({ "/**,,/actuator", "/**,management.endpoints.web.base-path=/manage,/manage",
			"/**,management.endpoints.web.base-path=/,''", "'/{a}/**,/*',,/actuator",
			"/**,spring.mvc.servlet.path=/app,/app/actuator", "/**,server.servlet.context-path=/base,/base/actuator" })
	void aLimitOnEverythingLeavesManagementOut(String paths, String property, String base) {
		start(paths, (property != null) ? property : "spring.main.banner-mode=off");
		assertThat(this.application.statuses(100, base + "/health")).containsOnly(200);
		assertThat(this.application.statuses(30, base + "/ratelimits")).containsOnly(200);
		assertThat(this.application.statuses(30, base + "/ratelimits/console")).containsOnly(200);
		Answer reset = this.application.send("DELETE", base + "/ratelimits/keys/all?key=127.0.0.1", "");
		assertThat(reset.status()).isEqualTo(204);
	}

	@Test
	void anythingElseIsLimited() {
		start("/**");
		assertThat(this.application.statuses(11, "/api/hello")).endsWith(429);
		for (String path : List.of("/actuator/health/../../api/hello", "/actuator/../api/hello", "/actuatorx/hello",
				"/actuator/healthy", "/actuator/nothing", "/actuator/health;x=1/../../api/hello")) {
			assertThat(this.application.get(path).status()).as(path).isEqualTo(429);
		}
	}

	@Test
	void aHandlerThatTakesWhatNoEndpointTakesIsLimited() {
		start("/**");
		assertThat(this.application.statuses(11, "/api/hello")).endsWith(429);
		assertThat(this.application.get("/actuator/ratelimits/a/b/c/d").status()).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/**", "/actuator/health", "/actuator/{endpoint}", "/actuator/health/**" })
	void aPolicyThatNamesManagementLimitsIt(String paths) {
		start(paths);
		assertThat(this.application.statuses(11, "/actuator/health")).endsWith(429);
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
	}

	@Test
	void theStartSaysWhatIsNotLimited(CapturedOutput output) {
		start("/**", "logging.level.io.ratelimit=info");
		assertThat(output.getOut()).contains(
				"Policies [all] do not limit the management endpoints below /actuator; paths that begin with it do");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "management.server.base-path=/admin", "management.endpoints.web.base-path=/" })
	void aServerOfItsOwnIsLeftOutToo(String property) {
		start("/**", "management.server.port=0", property.isEmpty() ? "spring.main.banner-mode=off" : property);
		String base = property.contains("admin") ? "/admin/actuator" : property.isEmpty() ? "/actuator" : "";
		for (int i = 0; i < 30; i++) {
			assertThat(this.application.get(management(base + "/health")).status()).isEqualTo(200);
		}
		assertThat(this.application.statuses(11, "/api/hello")).endsWith(429);
		assertThat(this.application.get("/health").status()).as("no endpoint").isEqualTo(429);
	}

	@Test
	void aPolicyThatNamesManagementLimitsItOnAServerOfItsOwn() {
		start("/actuator/**", "management.server.port=0");
		for (int i = 0; i < 11; i++) {
			assertThat(this.application.get(management("/actuator/health")).status()).isEqualTo((i < 10) ? 200 : 429);
		}
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
	}

	private URI management(String path) {
		return URI.create("http://127.0.0.1:"
				+ this.application.bean(Environment.class).getRequiredProperty("local.management.port") + path);
	}

	private void start(String paths, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 6);
		int i = properties.length;
		all[i] = "ratelimit.policies.all.limits=10/1m";
		all[i + 1] = "ratelimit.policies.all.paths=" + paths;
		all[i + 2] = "management.endpoints.web.exposure.include=*";
		all[i + 3] = "management.endpoint.ratelimits.console.enabled=true";
		all[i + 4] = "management.endpoint.ratelimits.access=unrestricted";
		all[i + 5] = "management.endpoint.shutdown.access=none";
		this.application = Application.start(Everything.class, all);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Everything {

		@RestController
		static class Handlers {

			@GetMapping({ "/api/hello", "/actuatorx/hello" })
			String hello() {
				return "Hello";
			}

			@GetMapping("/{*rest}")
			String rest() {
				return "rest";
			}

		}

	}

}
