package io.ratelimit.it.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.Limiter;
import io.ratelimit.RateLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is refused most is told, and named only where that is asked for.
 */
class OffendersTests {

	private Endpoint endpoint;

	@AfterEach
	void stop() {
		this.endpoint.close();
	}

	@Test
	void theWorstOffenderComesFirstAndIsNotNamed() {
		this.endpoint = Endpoint.start();
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "mild");
		this.endpoint.application().statuses(9, "/api/hello", "X-User", "worst");
		String policy = this.endpoint.read("/policies/api");
		assertThat(JsonPath.<List<Integer>>read(policy, "$.recent.offenders[*].refusals")).containsExactly(7, 1);
		assertThat(policy).doesNotContain("worst", "mild");
		String id = JsonPath.read(policy, "$.recent.offenders[0].id");
		assertThat(id).matches("[0-9a-f]{12}");
		assertThat(JsonPath.<Map<String, Object>>read(this.endpoint.read("/keys/api?key=worst"), "$"))
			.as("found by guessing")
			.doesNotContainKeys("id", "key");
		assertThat(JsonPath.<Boolean>read(this.endpoint.read("/keys/api?id=" + id), "$.allowed")).isFalse();
		assertThat(JsonPath.<String>read(this.endpoint.read("/keys/api?id=" + id), "$.id")).isEqualTo(id);
		assertThat(this.endpoint.read("/keys/api?id=" + id)).doesNotContain("worst");
	}

	@Test
	void anOffenderIsResetWithoutBeingNamed() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice");
		String id = JsonPath.read(this.endpoint.read("/policies/api"), "$.recent.offenders[0].id");
		assertThat(this.endpoint.delete("/keys/api?id=" + id).status()).isEqualTo(204);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
	}

	@Test
	void allKeysOfAPolicyAreResetTogether() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice");
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "bob");
		this.endpoint.application().statuses(3, "/api/hello");
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/policies/api"), "$.recent.refusals")).isEqualTo(3);
		assertThat(this.endpoint.delete("/policies/search").status()).isEqualTo(204);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
		assertThat(this.endpoint.delete("/policies/api").status()).isEqualTo(204);
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/policies/api"), "$.recent.refusals")).isZero();
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "bob").status()).isEqualTo(200);
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/keys/api?key=ip%3D127.0.0.1"), "$.remaining"))
			.isEqualTo(2);
		assertThat(this.endpoint.application().get("/api/hello").status()).isEqualTo(200);
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/keys/api?key=ip%3D127.0.0.1"), "$.remaining"))
			.isEqualTo(1);
	}

	@Test
	void keysAreShownWhereThatIsAskedFor() {
		this.endpoint = Endpoint.start("management.endpoint.ratelimits.show-keys=always",
				"ratelimit.policies.api.key=param:user");
		this.endpoint.application().statuses(3, "/api/hello?user=Alice");
		assertThat(JsonPath.<String>read(this.endpoint.read("/policies/api"), "$.recent.offenders[0].key"))
			.isEqualTo("alice");
		assertThat(JsonPath.<String>read(this.endpoint.read("/keys/api?key=ALICE"), "$.key")).isEqualTo("alice");
	}

	@Test
	void whatLetsItsOwnerInIsNeverShown() {
		this.endpoint = Endpoint.start(
				Stream.of(Endpoint.WRITABLE, "management.endpoint.ratelimits.show-keys=always").toArray(String[]::new));
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "secret");
		String shown = JsonPath.read(this.endpoint.read("/policies/api"), "$.recent.offenders[0].key");
		assertThat(shown).startsWith("hmac:");
		String state = this.endpoint.read("/keys/api?key=secret");
		assertThat(state).doesNotContain("secret");
		assertThat(JsonPath.<String>read(state, "$.key")).isEqualTo(shown);
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/keys/api?key=" + shown), "$.remaining")).isZero();
		assertThat(this.endpoint.delete("/keys/api?key=secret").status()).isEqualTo(204);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "secret").status()).isEqualTo(200);
	}

	@Test
	void withoutSecurityNobodyIsAuthorized() {
		this.endpoint = Endpoint.start("management.endpoint.ratelimits.show-keys=when-authorized");
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice");
		assertThat(this.endpoint.read("")).doesNotContain("alice");
	}

	@Test
	void aHundredThousandKeysMakeTheAnswerNoLarger() {
		this.endpoint = Endpoint.start("management.endpoint.ratelimits.show-keys=always");
		Limiter limiter = this.endpoint.application().bean(RateLimits.class).limiter("api");
		for (int i = 0; i < 100_000; i++) {
			String key = "%0128d".formatted(i);
			limiter.tryAcquire(key, 2);
			limiter.tryAcquire(key, 1);
		}
		String policy = this.endpoint.read("/policies/api");
		assertThat(JsonPath.<Integer>read(policy, "$.recent.refusals")).isEqualTo(100_000);
		assertThat(JsonPath.<List<Object>>read(policy, "$.recent.offenders")).hasSize(10);
		assertThat(policy.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(4_000);
	}

}
