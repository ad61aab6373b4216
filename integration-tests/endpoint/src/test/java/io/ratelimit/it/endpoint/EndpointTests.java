package io.ratelimit.it.endpoint;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.TokenBucket;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint, over HTTP.
 */
class EndpointTests {

	private static final String[] JSON = { "Content-Type", "application/json" };

	private static final String[] POLICIES = { "management.endpoints.web.exposure.include=ratelimits",
			"ratelimit.policies.api.limits=2/1m", "ratelimit.policies.api.paths=/api/**",
			"ratelimit.policies.api.except=/api/health", "ratelimit.policies.api.methods=GET,POST",
			"ratelimit.policies.api.key=header:X-User | ip", "ratelimit.policies.search.limits[0].permits=50",
			"ratelimit.policies.search.limits[0].window=1s", "ratelimit.policies.search.limits[0].burst=200",
			"ratelimit.policies.search.limits[0].algorithm=token-bucket",
			"ratelimit.policies.search.limits[0].name=search-burst", "ratelimit.policies.search.limits[1]=5000/1d",
			"ratelimit.policies.search.paths=/search", "ratelimit.policies.search.cost=5",
			"ratelimit.policies.search.failure-mode=deny", "ratelimit.policies.exports=6/1h" };

	private static final String WRITABLE = "management.endpoint.ratelimits.access=unrestricted";

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void everyPolicyIsToldWithWhatItIsUsedFor() {
		start();
		String all = read("");
		assertThat(JsonPath.<List<String>>read(all, "$.policies[*].name")).hasSize(4)
			.contains("api", "exports", "search");
		assertThat(JsonPath.<Boolean>read(all, "$.writable")).isFalse();
	}

	@Test
	void onePolicyIsToldInFull() {
		start();
		this.application.statuses(3, "/api/hello", "X-User", "alice");
		String api = read("/policies/api");
		assertThat(JsonPath.<Map<String, Object>>read(api, "$")).containsEntry("name", "api")
			.containsEntry("mode", "enforce")
			.containsEntry("failureMode", "allow")
			.containsEntry("store", "caffeine")
			.containsEntry("paths", List.of("/api/**"))
			.containsEntry("except", List.of("/api/health"))
			.containsEntry("methods", List.of("GET", "POST"))
			.containsEntry("key", "header:X-User | ip")
			.containsEntry("cost", "1")
			.containsEntry("calls", List.of())
			.containsEntry("limits",
					List.of(Map.of("name", "api", "limit", "2/1m", "permits", 2, "window", "1m", "algorithm",
							"sliding-window")))
			.containsEntry("decisions", Map.of("allowed", 2, "denied", 1, "shadow-denied", 0, "not-counted", 0));
		assertThat(JsonPath.<Integer>read(api, "$.recent.refusals")).isEqualTo(1);
	}

	@Test
	void aLimitIsToldAsItCanBeWritten() {
		start();
		assertThat(JsonPath.<List<String>>read(read("/policies/search"), "$.limits[*].limit"))
			.containsExactly("50/1s token-bucket burst 200 name search-burst", "5000/1d");
		assertThat(JsonPath.<List<String>>read(read("/policies/search"), "$.limits[*].name"))
			.containsExactly("search-burst", "search-1d");
		assertThat(JsonPath.<String>read(read("/policies/search"), "$.failureMode")).isEqualTo("deny");
	}

	@Test
	void annotatedMethodsAreToldByTheirPolicy() {
		start();
		assertThat(JsonPath.<List<String>>read(read("/policies/exports"), "$.calls"))
			.containsExactly("io.ratelimit.it.endpoint.Api$ApiController.export()");
		List<String> inPlace = JsonPath.read(read(""), "$.policies[?(@.limits[0].permits == 7)].calls[0]");
		assertThat(inPlace).singleElement().asString().endsWith("ApiController.report()");
		assertThat(JsonPath.<List<Object>>read(read(""), "$.policies[?(@.limits[0].permits == 7)].key")).isEmpty();
	}

	@Test
	void lookingAtAKeyTakesNothing() {
		start();
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		for (int i = 0; i < 5; i++) {
			String state = read("/keys/api?key=alice");
			assertThat(JsonPath.<Map<String, Object>>read(state, "$")).containsEntry("policy", "api")
				.containsEntry("counted", true)
				.containsEntry("allowed", true)
				.containsEntry("limit", "2/1m")
				.containsEntry("remaining", 1)
				.containsEntry("resetAfterSeconds", 60.0)
				.doesNotContainKeys("key", "retryAfterSeconds");
		}
		this.application.clock().advance(Duration.ofMillis(500));
		assertThat(this.application.statuses(2, "/api/hello", "X-User", "alice")).containsExactly(200, 429);
		String state = read("/keys/api?key=alice");
		assertThat(JsonPath.<Map<String, Object>>read(state, "$")).containsEntry("allowed", false)
			.containsEntry("remaining", 0)
			.containsEntry("retryAfterSeconds", 59.5);
		assertThat(JsonPath.<Integer>read(read("/policies/api"), "$.decisions.allowed")).isEqualTo(2);
		assertThat(JsonPath.<Integer>read(read("/keys/api?key=somebody"), "$.remaining")).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "a/b?c=d&e", "~ip~127.0.0.1", "user name+more%2F", "流量", "''" })
	void aKeyCanHoldAnything(String key) {
		start(WRITABLE, "ratelimit.policies.api.key=ip");
		Limiter limiter = this.application.bean(RateLimits.class).limiter("api");
		limiter.tryAcquire(key, 2);
		String path = "/keys/api?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
		assertThat(JsonPath.<Integer>read(read(path), "$.remaining")).isZero();
		assertThat(delete(path).status()).isEqualTo(204);
		assertThat(JsonPath.<Integer>read(read(path), "$.remaining")).isEqualTo(2);
	}

	@Test
	void whatIsOffIsNotCounted() {
		start("ratelimit.policies.api.mode=off");
		assertThat(JsonPath.<Map<String, Object>>read(read("/keys/api?key=alice"), "$")).containsEntry("counted", false)
			.containsEntry("allowed", true)
			.doesNotContainKeys("remaining", "limit");
	}

	@Test
	void theWorstOffenderComesFirstAndIsNotNamed() {
		start();
		this.application.statuses(3, "/api/hello", "X-User", "mild");
		this.application.statuses(9, "/api/hello", "X-User", "worst");
		String policy = read("/policies/api");
		assertThat(JsonPath.<List<Integer>>read(policy, "$.recent.offenders[*].refusals")).containsExactly(7, 1);
		assertThat(policy).doesNotContain("worst", "mild");
		String id = JsonPath.read(policy, "$.recent.offenders[0].id");
		assertThat(id).matches("[0-9a-f]{12}");
		assertThat(JsonPath.<Map<String, Object>>read(read("/keys/api?key=worst"), "$")).as("found by guessing")
			.doesNotContainKeys("id", "key");
		assertThat(JsonPath.<Boolean>read(read("/keys/api?id=" + id), "$.allowed")).isFalse();
		assertThat(JsonPath.<String>read(read("/keys/api?id=" + id), "$.id")).isEqualTo(id);
		assertThat(read("/keys/api?id=" + id)).doesNotContain("worst");
	}

	@Test
	void anOffenderIsResetWithoutBeingNamed() {
		start(WRITABLE);
		this.application.statuses(3, "/api/hello", "X-User", "alice");
		String id = JsonPath.read(read("/policies/api"), "$.recent.offenders[0].id");
		assertThat(delete("/keys/api?id=" + id).status()).isEqualTo(204);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
	}

	@Test
	void keysAreShownWhereThatIsAskedFor() {
		start("management.endpoint.ratelimits.show-keys=always", "ratelimit.policies.api.key=param:user");
		this.application.statuses(3, "/api/hello?user=Alice");
		assertThat(JsonPath.<String>read(read("/policies/api"), "$.recent.offenders[0].key")).isEqualTo("alice");
		assertThat(JsonPath.<String>read(read("/keys/api?key=ALICE"), "$.key")).isEqualTo("alice");
	}

	@Test
	void whatLetsItsOwnerInIsNeverShown() {
		start(Stream.of(WRITABLE, "management.endpoint.ratelimits.show-keys=always").toArray(String[]::new));
		this.application.statuses(3, "/api/hello", "X-User", "secret");
		String shown = JsonPath.read(read("/policies/api"), "$.recent.offenders[0].key");
		assertThat(shown).startsWith("hmac:");
		String state = read("/keys/api?key=secret");
		assertThat(state).doesNotContain("secret");
		assertThat(JsonPath.<String>read(state, "$.key")).isEqualTo(shown);
		assertThat(JsonPath.<Integer>read(read("/keys/api?key=" + shown), "$.remaining")).isZero();
		assertThat(delete("/keys/api?key=secret").status()).isEqualTo(204);
		assertThat(this.application.get("/api/hello", "X-User", "secret").status()).isEqualTo(200);
	}

	@Test
	void withoutSecurityNobodyIsAuthorized() {
		start("management.endpoint.ratelimits.show-keys=when-authorized");
		this.application.statuses(3, "/api/hello", "X-User", "alice");
		assertThat(read("")).doesNotContain("alice");
	}

	@Test
	void byDefaultNothingCanBeWritten() {
		start();
		this.application.statuses(3, "/api/hello", "X-User", "alice");
		assertThat(change("api", "{\"mode\":\"off\"}").status()).isEqualTo(405);
		assertThat(delete("/keys/api?key=alice").status()).isEqualTo(405);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void whatIsNotExposedIsNotThere() {
		start("management.endpoints.web.exposure.include=health");
		assertThat(this.application.get("/actuator/ratelimits").status()).isEqualTo(404);
	}

	@Test
	void aRaisedLimitLetsThroughAtOnceAndALoweredOneRefuses() {
		start(WRITABLE);
		assertThat(JsonPath.<Boolean>read(read(""), "$.writable")).isTrue();
		assertThat(this.application.statuses(3, "/api/hello", "X-User", "alice")).containsExactly(200, 200, 429);
		Answer raised = change("api", "{\"limits\":\"4/1m\"}");
		assertThat(raised.status()).isEqualTo(200);
		assertThat(JsonPath.<String>read(raised.body(), "$.limits[0].limit")).isEqualTo("4/1m");
		assertThat(this.application.statuses(3, "/api/hello", "X-User", "alice")).containsExactly(200, 200, 429);
		assertThat(this.application.statuses(2, "/api/hello", "X-User", "bob")).containsExactly(200, 200);
		assertThat(change("api", "{\"limits\":\"1/1m\"}").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-User", "bob").status()).isEqualTo(429);
		assertThat(this.application.statuses(2, "/api/hello", "X-User", "carol")).containsExactly(200, 429);
	}

	@Test
	void aModeIsSwitchedAtOnce() {
		start(WRITABLE);
		assertThat(this.application.statuses(3, "/api/hello", "X-User", "alice")).containsExactly(200, 200, 429);
		assertThat(change("api", "{\"mode\":\"shadow\"}").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		assertThat(JsonPath.<Integer>read(read("/policies/api"), "$.decisions.shadow-denied")).isEqualTo(1);
		assertThat(JsonPath.<String>read(change("api", "{\"mode\":\"OFF\"}").body(), "$.mode")).isEqualTo("off");
		assertThat(this.application.get("/api/hello", "X-User", "alice").header("RateLimit")).isEmpty();
		assertThat(change("api", "{\"mode\":\"enforce\"}").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void limitsAndModeAreChangedTogether() {
		start(WRITABLE);
		Answer answer = change("search",
				"{\"limits\":\"60/1s token-bucket burst 300 name search-burst, 5000/1d\",\"mode\":\"shadow\"}");
		assertThat(answer.status()).isEqualTo(200);
		Policy policy = policy("search");
		assertThat(policy.limits()).containsExactly(
				TokenBucket.of(60, Duration.ofSeconds(1), 300).withName("search-burst"), Limit.valueOf("5000/1d"));
		assertThat(policy.mode()).isEqualTo(Mode.SHADOW);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					api     | {"limits":"fast"}                  | 'fast' is not a limit
					api     | {"limits":"0/1m"}                  | a limit of 0 permits: at least 1
					api     | {"limits":"3/1m, fast"}            | 'fast' is not a limit
					api     | {"limits":"3/1m","mode":"strict"}  | 'strict' is not a mode: enforce, shadow and off are
					api     | {"limits":"3/1m, 4/1m"}            | two limits of policy 'api' are both called 'api-1m'
					api     | {"limits":"3/1m name exports"}     | limits of policies 'api' and 'exports' would both be called 'exports'
					search  | {"limits":"4/1s"}                  | 4/1s can never be enough: policy 'search' is used for what takes 5 permits
					exports | {"limits":"2/1h"}                  | 2/1h can never be enough: policy 'exports' is used for what takes 3 permits
					api     | {}                                 | nothing to change: give limits, such as 100/1m, or a mode, or both
					api     | {"limit":"3/1m"}                   | nothing to change
					""")
	void aWrongChangeIsRefusedWithTheReasonAndChangesNothing(String name, String body, String reason) {
		start(WRITABLE);
		Policy before = policy(name);
		this.application.statuses(2, "/api/hello", "X-User", "alice");
		Answer answer = change(name, body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains(reason);
		assertThat(JsonPath.<Integer>read(answer.body(), "$.status")).isEqualTo(400);
		assertThat(policy(name)).isEqualTo(before);
		assertThat(this.application.get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void whereNothingIsLimitedNothingIsSwitchedOn() {
		start(WRITABLE, "ratelimit.enabled=false");
		Answer answer = change("api", "{\"mode\":\"enforce\"}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.body()).contains("ratelimit.enabled is false");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			GET    | /policies/apj               | there is no policy 'apj': known are [
			GET    | /keys/apj?key=k             | there is no policy 'apj': known are [
			GET    | /keys/api?id=123456789abc   | '123456789abc' is no offender of policy 'api'
			GET    | /things/api                 | there is no 'things' here
			POST   | /policies/apj               | there is no policy 'apj': known are [
			POST   | /keys/api                   | there is no 'keys' here
			DELETE | /keys/apj?key=k             | there is no policy 'apj': known are [
			DELETE | /policies/api?key=k         | there is no 'policies' here
			""")
	void whatIsNotThereIsNotFound(String method, String path, String reason) {
		start(WRITABLE);
		Answer answer = this.application.send(method, "/actuator/ratelimits" + path,
				method.equals("POST") ? "{\"mode\":\"off\"}" : "", JSON);
		assertThat(answer.status()).isEqualTo(404);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains(reason);
		assertThat(policy("api").mode()).isEqualTo(Mode.ENFORCE);
	}

	@ParameterizedTest
	@CsvSource({ "GET,/keys/api", "GET,/keys/api?key=a&id=b", "DELETE,/keys/api" })
	void itMustBeSaidWhoIsMeant(String method, String path) {
		start(WRITABLE);
		Answer answer = this.application.send(method, "/actuator/ratelimits" + path, "");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains("either key=KEY, or id=ID");
	}

	@Test
	void aHundredThousandKeysMakeTheAnswerNoLarger() {
		start("management.endpoint.ratelimits.show-keys=always");
		Limiter limiter = this.application.bean(RateLimits.class).limiter("api");
		for (int i = 0; i < 100_000; i++) {
			String key = "%0128d".formatted(i);
			limiter.tryAcquire(key, 2);
			limiter.tryAcquire(key, 1);
		}
		String policy = read("/policies/api");
		assertThat(JsonPath.<Integer>read(policy, "$.recent.refusals")).isEqualTo(100_000);
		assertThat(JsonPath.<List<Object>>read(policy, "$.recent.offenders")).hasSize(10);
		assertThat(policy.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(4_000);
	}

	private Policy policy(String name) {
		return this.application.bean(RateLimits.class).limiter(name).policy();
	}

	private String read(String path) {
		Answer answer = this.application.get("/actuator/ratelimits" + path);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.body();
	}

	private Answer change(String policy, String body) {
		return this.application.post("/actuator/ratelimits/policies/" + policy, body, JSON);
	}

	private Answer delete(String path) {
		return this.application.send("DELETE", "/actuator/ratelimits" + path, "");
	}

	private void start(String... properties) {
		String[] all = Stream.concat(Arrays.stream(POLICIES), Arrays.stream(properties)).toArray(String[]::new);
		this.application = Application.start(Api.class, all);
	}

}
