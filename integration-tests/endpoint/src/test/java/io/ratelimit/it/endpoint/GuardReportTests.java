package io.ratelimit.it.endpoint;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.ModelAndView;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/**
 * What {@code GET /actuator/ratelimits/why} says of requests.
 */
class GuardReportTests {

	private static final String[] POLICIES = { "api.limits=100000/1h", "api.paths=/api/**",
			"api.except=/api/health,/api/open/*", "login.limits=100000/1h", "login.paths=/login", "login.methods=POST",
			"old.limits=5/1h", "old.paths=/**", "old.mode=off", "trial.limits=100000/1h", "trial.paths=/api/{id}",
			"trial.mode=shadow", "manage.limits=100000/1h", "manage.paths=/actuator/ratelimits/**",
			"exports.limits=100000/1h", "idle.limits=5/1h" };

	/** For tests that need no properties and change nothing. */
	private static Application shared;

	private Application application;

	private String base = "";

	@BeforeAll
	static void startShared() {
		shared = started();
	}

	@AfterAll
	static void stopShared() {
		shared.close();
	}

	@AfterEach
	void stop() {
		if (this.application != shared) {
			this.application.close();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					GET  | /api/hello        | api     | true  | its path /api/** matches
					GET  | /api/health       | api     | false | excepted by /api/health
					GET  | /api/open/x       | api     | false | excepted by /api/open/*
					GET  | /other            | api     | false | its paths are /api/**
					POST | /login            | login   | true  | its path /login matches, and its methods are POST
					GET  | /login            | login   | false | its methods are POST
					GET  | /other            | old     | false | its mode is off
					GET  | /api/hello        | trial   | true  | its path /api/{id} matches; its mode is shadow, so it refuses nobody
					GET  | /actuator/health  | manage  | false | its paths are /actuator/ratelimits/**
					GET  | /actuator/ratelimits/why | manage | true | its path /actuator/ratelimits/** matches
					GET  | /other            | idle    | false | it has no paths, and no annotated method names it
					GET  | /other            | exports | false | it has no paths, and limits calls of io.ratelimit.it.endpoint.GuardReportTests$Shop.any(), io.ratelimit.it.endpoint.GuardReportTests$Shop.export()
					GET  | /export           | exports | true  | io.ratelimit.it.endpoint.GuardReportTests$Shop.export() handles it, and is limited by the policy
					""")
	void thePolicyGuardsOrDoesNotForAReason(String method, String path, String policy, boolean guards, String reason) {
		start();
		Map<String, Object> verdict = verdicts(read(method, path)).get(policy);
		assertThat(verdict).containsEntry("guards", guards).containsEntry("reason", reason);
		assertThat(verdict.containsKey("place")).isEqualTo(guards);
	}

	@Test
	void managementEndpointsAreGuardedByPathsThatNameThem() {
		start("wide.limits=5/1h", "wide.paths=/**");
		assertThat(verdicts(read("GET", "/actuator/ratelimits/why")).get("wide")).containsEntry("guards", false)
			.containsEntry("reason", "the path is that of a management endpoint, which only paths that begin with "
					+ "theirs guard; its paths are /**");
	}

	@Test
	void keyPlaceAndLimitsAreTold() {
		start("both.limits=10/1s, 1000/1h", "both.paths=/api/**", "both.key=header:X-Key | ip");
		assertThat(verdicts(read("GET", "/api/hello")).get("both")).containsEntry("key", "header:X-Key | ip")
			.containsEntry("place", "before-security")
			.containsEntry("mode", "enforce")
			.containsEntry("limits", List.of("10/1s", "1000/1h"));
		assertThat(verdicts(read("GET", "/export")).get("exports")).containsEntry("place", "method");
	}

	@Test
	void theHandlerIsNamedWithItsPolicies() {
		start();
		String answer = read("GET", "/export");
		assertThat(JsonPath.<String>read(answer, "$.handlers[0].method")).endsWith("GuardReportTests$Shop.export()");
		assertThat(JsonPath.<List<String>>read(answer, "$.handlers[0].policies")).containsExactly("exports");
		assertThat(JsonPath.<List<String>>read(read("POST", "/login"), "$.handlers[0].policies")).isEmpty();
		assertThat(read("GET", "/nowhere")).contains("\"handlers\":[]", "no annotated handler of Spring MVC takes");
		assertThat(JsonPath.<List<String>>read(read("GET", "/in-place"), "$.handlers[0].policies")).hasSize(1);
		assertThat(verdicts(read("GET", "/in-place")).values())
			.anySatisfy((verdict) -> assertThat(verdict).containsEntry("guards", true)
				.containsEntry("limits", List.of("7/1m")));
	}

	/**
	 * Each request is sent as well, and what it was charged to is what the report says.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "server.servlet.context-path=/app", "spring.mvc.servlet.path=/mvc",
			"server.servlet.context-path=/app;spring.mvc.servlet.path=/mvc" })
	void whatIsSaidIsWhatIsDone(String settings) {
		String[] properties = Stream.of(settings.split(";")).filter((each) -> !each.isEmpty()).toArray(String[]::new);
		start(properties);
		String context = settings.contains("/app") ? "/app" : "";
		String servlet = settings.contains("/mvc") ? "/mvc" : "";
		this.base = context + servlet;
		List<String> wrong = new ArrayList<>();
		for (String path : List.of("/api/hello", "/api/health", "/api//health", "/api/open/x", "/api/open/x/y",
				"/API/hello", "/api/../login", "/api/./hello", "/api/hello;v=1", "/api;v=1/hello", "/api/h%65llo",
				"/%61pi/hello", "/login", "/login/", "/login;x", "//login", "/other", "/export", "/any", "/api",
				"/api/open/..;/hello", "/mvc/api/hello", "/app/api/hello", "/")) {
			for (String method : List.of("GET", "POST", "HEAD", "OPTIONS")) {
				for (String prefix : List.of(context + servlet, context)) {
					Map<String, Double> before = decided();
					int status = this.application.statusOf(method, prefix + path);
					List<String> charged = charged(before);
					List<String> said = said(method, prefix + path);
					// Tomcat answers 404 before any filter where no servlet is mapped to
					// the path
					boolean served = servlet.isEmpty() || !prefix.equals(context) || path.startsWith(servlet);
					if (served && status != 400 && !charged.equals(said)) {
						wrong.add("%s %s%s (%s): charged %s, said %s".formatted(method, prefix, path, status, charged,
								said));
					}
				}
			}
		}
		assertThat(wrong).isEmpty();
	}

	@Test
	void whatMayBeForwardedIsCountedWhereItGoes() {
		start();
		String note = "policies of that path count";
		assertThat(JsonPath.<List<String>>read(read("GET", "/forward"), "$.notes")).singleElement(STRING)
			.contains(note);
		assertThat(read("GET", "/")).contains(note, "welcome page");
		assertThat(read("GET", "/api/hello")).doesNotContain(note);
		Map<String, Double> before = decided();
		assertThat(this.application.get("/forward").body()).isEqualTo("Hello");
		assertThat(charged(before)).containsExactly("api", "trial");
	}

	@Test
	void aPathWithoutTheContextPathIsReadWithIt() {
		start("server.servlet.context-path=/app");
		this.base = "/app";
		assertThat(verdicts(read("GET", "/api/hello")).get("api")).containsEntry("guards", true);
		assertThat(read("GET", "/api/hello")).contains("read as /app/api/hello");
		assertThat(verdicts(read("GET", "/app/api/hello")).get("api")).containsEntry("guards", true);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			path=                     | say which request is meant
			method=GET                | say which request is meant
			path=login                | does not begin with a slash
			path=http://localhost/    | does not begin with a slash
			path=/login%3Fa=b         | has a query or a fragment
			path=/log%20in            | has a character that is never sent
			path=/log%0Ain            | has a character that is never sent
			path=/log%25zzin          | cannot be read
			path=/a&path=/b           | 'path' is given 2 times
			path=/a&method=G%20T      | 'G T' is no HTTP method
			path=/a&policy=api        | 'policy' is not known here: known are method, path
			""")
	void whatIsNoRequestIsRefusedWithTheReason(String query, String reason) {
		start();
		Answer answer = this.application.get("/actuator/ratelimits/why?" + query);
		assertThat(answer.status()).as(answer.body()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains(reason);
	}

	@Test
	void anotherNameIsNotFound() {
		start();
		Answer answer = this.application.get("/actuator/ratelimits/whi?path=/a");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.body()).contains("there is no 'whi' here");
	}

	@Test
	void nothingIsGuardedWhereLimitsAreOff() {
		start("ratelimit.enabled=false");
		assertThat(verdicts(read("GET", "/api/hello")).values())
			.allSatisfy((verdict) -> assertThat(verdict).containsEntry("guards", false)
				.containsEntry("reason", "ratelimit.enabled is false"));
	}

	private List<String> said(String method, String path) {
		return verdicts(read(method, path)).values()
			.stream()
			.filter((verdict) -> verdict.get("guards").equals(true))
			.map((verdict) -> (String) verdict.get("policy"))
			.filter((policy) -> !policy.equals("manage"))
			.sorted()
			.toList();
	}

	private List<String> charged(Map<String, Double> before) {
		Map<String, Double> after = decided();
		return after.keySet().stream().filter((policy) -> after.get(policy) > before.get(policy)).toList();
	}

	/**
	 * Returns how many decisions each policy has made.
	 */
	private Map<String, Double> decided() {
		Map<String, Double> decided = new TreeMap<>();
		List<Map<String, Object>> policies = JsonPath.read(get(""), "$.policies");
		for (Map<String, Object> policy : policies) {
			if (!policy.get("name").equals("manage")) {
				Map<String, Number> decisions = JsonPath.read(policy, "$.decisions");
				decided.put((String) policy.get("name"),
						decisions.values().stream().mapToDouble(Number::doubleValue).sum());
			}
		}
		return decided;
	}

	private Map<String, Map<String, Object>> verdicts(String answer) {
		Map<String, Map<String, Object>> verdicts = new TreeMap<>();
		List<Map<String, Object>> policies = JsonPath.read(answer, "$.policies");
		policies.forEach((policy) -> verdicts.put((String) policy.get("policy"), policy));
		return verdicts;
	}

	private String read(String method, String path) {
		return get("/why?method=" + method + "&path=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
	}

	private String get(String path) {
		Answer answer = this.application.get(this.base + "/actuator/ratelimits" + path);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.body();
	}

	private void start(String... properties) {
		this.application = (properties.length > 0) ? started(properties) : shared;
	}

	private static Application started(String... properties) {
		String[] all = Stream.concat(Stream.of("management.endpoints.web.exposure.include=ratelimits,health"),
				Stream.of(POLICIES, properties)
					.flatMap(Stream::of)
					.map((property) -> property.matches("(server|spring|ratelimit)\\..*") ? property
							: "ratelimit.policies." + property))
			.toArray(String[]::new);
		return Application.start(ShopApplication.class, all);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Shop.class)
	static class ShopApplication {

	}

	@RestController
	static class Shop {

		@RequestMapping("/api/**")
		String api() {
			return "Hello";
		}

		@PostMapping("/login")
		String login() {
			return "Welcome";
		}

		@GetMapping("/other")
		String other() {
			return "Other";
		}

		@GetMapping("/export")
		@RateLimited("exports")
		public String export() {
			return "Exported";
		}

		@RequestMapping("/any")
		@RateLimited("exports")
		public String any() {
			return "Any";
		}

		@GetMapping("/forward")
		public ModelAndView forward() {
			return new ModelAndView("forward:/api/hello");
		}

		@GetMapping("/in-place")
		@RateLimited(limits = "7/1m", key = "global")
		public String inPlace() {
			return "Reported";
		}

	}

}
