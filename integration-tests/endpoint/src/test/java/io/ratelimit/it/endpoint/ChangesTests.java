package io.ratelimit.it.endpoint;

import java.time.Duration;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.TokenBucket;
import io.ratelimit.harness.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Policies that are changed through the endpoint.
 */
class ChangesTests {

	private Endpoint endpoint;

	@AfterEach
	void stop() {
		this.endpoint.close();
	}

	@Test
	void byDefaultNothingCanBeWritten() {
		this.endpoint = Endpoint.start();
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice");
		assertThat(this.endpoint.change("api", "{\"mode\":\"off\"}").status()).isEqualTo(405);
		assertThat(this.endpoint.delete("/keys/api?key=alice").status()).isEqualTo(405);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void aRaisedLimitLetsThroughAtOnceAndALoweredOneRefuses() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		assertThat(JsonPath.<Boolean>read(this.endpoint.read(""), "$.writable")).isTrue();
		assertThat(this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice")).containsExactly(200, 200,
				429);
		Answer raised = this.endpoint.change("api", "{\"limits\":\"4/1m\"}");
		assertThat(raised.status()).isEqualTo(200);
		assertThat(JsonPath.<String>read(raised.body(), "$.limits[0].limit")).isEqualTo("4/1m");
		assertThat(this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice")).containsExactly(200, 200,
				429);
		assertThat(this.endpoint.application().statuses(2, "/api/hello", "X-User", "bob")).containsExactly(200, 200);
		assertThat(this.endpoint.change("api", "{\"limits\":\"1/1m\"}").status()).isEqualTo(200);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "bob").status()).isEqualTo(429);
		assertThat(this.endpoint.application().statuses(2, "/api/hello", "X-User", "carol")).containsExactly(200, 429);
	}

	@Test
	void aModeIsSwitchedAtOnce() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		assertThat(this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice")).containsExactly(200, 200,
				429);
		assertThat(this.endpoint.change("api", "{\"mode\":\"shadow\"}").status()).isEqualTo(200);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/policies/api"), "$.decisions.shadow-denied"))
			.isEqualTo(1);
		assertThat(JsonPath.<String>read(this.endpoint.change("api", "{\"mode\":\"OFF\"}").body(), "$.mode"))
			.isEqualTo("off");
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").header("RateLimit")).isEmpty();
		assertThat(this.endpoint.change("api", "{\"mode\":\"enforce\"}").status()).isEqualTo(200);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void limitsAndModeAreChangedTogether() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		Answer answer = this.endpoint.change("search",
				"{\"limits\":\"60/1s token-bucket burst 300 name search-burst, 5000/1d\",\"mode\":\"shadow\"}");
		assertThat(answer.status()).isEqualTo(200);
		Policy policy = this.endpoint.policy("search");
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
					""")
	void aWrongChangeIsRefusedWithTheReasonAndChangesNothing(String name, String body, String reason) {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		Policy before = this.endpoint.policy(name);
		this.endpoint.application().statuses(2, "/api/hello", "X-User", "alice");
		Answer answer = this.endpoint.change(name, body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains(reason);
		assertThat(JsonPath.<Integer>read(answer.body(), "$.status")).isEqualTo(400);
		assertThat(this.endpoint.policy(name)).isEqualTo(before);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@Test
	void whereNothingIsLimitedNothingIsSwitchedOn() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE, "ratelimit.enabled=false");
		Answer answer = this.endpoint.change("api", "{\"mode\":\"enforce\"}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.body()).contains("ratelimit.enabled is false");
	}

}
