package io.ratelimit.it.redis;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Changes of policies that several instances share in Redis.
 */
class EndpointTests {

	private static RedisServer server;

	private Application one;

	private Application two;

	@BeforeAll
	static void startServer() {
		server = RedisServer.start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@BeforeEach
	void start() {
		String prefix = "ratelimit.redis.key-prefix=" + System.nanoTime() + ":";
		this.one = start(prefix);
		this.two = start(prefix);
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
	}

	@Test
	void aChangedLimitAppliesAtOnceOnEveryInstanceThatWasTold() {
		assertThat(this.one.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
		assertThat(this.two.get("/api/hello").status()).isEqualTo(429);
		change(this.one, "{\"limits\":\"4/1h\"}", 200);
		assertThat(this.one.get("/api/hello").status()).isEqualTo(200);
		assertThat(this.two.get("/api/hello").status()).isEqualTo(429);
		change(this.two, "{\"limits\":\"4/1h\"}", 200);
		assertThat(this.two.statuses(2, "/api/hello")).containsExactly(200, 429);
		change(this.one, "{\"limits\":\"10/1h\"}", 200);
		assertThat(this.one.get("/api/hello").status()).isEqualTo(200);
		change(this.one, "{\"limits\":\"3/1h\"}", 200);
		assertThat(this.one.get("/api/hello").status()).isEqualTo(429);
	}

	@Test
	void aWrongChangeChangesNothing() {
		assertThat(this.one.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
		Answer answer = change(this.one, "{\"limits\":\"4/1h, fast\"}", 400);
		assertThat(answer.body()).contains("'fast' is not a limit");
		assertThat(this.one.get("/api/hello").status()).isEqualTo(429);
		assertThat(this.one.get("/actuator/ratelimits/policies/api").body()).contains("\"limit\":\"2/1h\"",
				"\"store\":\"redis\"");
	}

	@Test
	void aResetCountsForEveryInstance() {
		assertThat(this.one.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
		assertThat(this.two.send("DELETE", "/actuator/ratelimits/keys/api?key=127.0.0.1", "").status()).isEqualTo(204);
		assertThat(this.two.get("/actuator/ratelimits/keys/api?key=127.0.0.1").body()).contains("\"remaining\":2");
		assertThat(this.two.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
	}

	@Test
	void aStoreThatDoesNotAnswerIsTold() {
		try (RedisServer own = RedisServer.start();
				Application application = start("spring.data.redis.port=" + own.port())) {
			own.kill();
			Answer answer = application.send("DELETE", "/actuator/ratelimits/keys/api?key=127.0.0.1", "");
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.body()).contains("the store does not answer: ");
			assertThat(application.get("/actuator/ratelimits/keys/api?key=127.0.0.1").body())
				.contains("\"counted\":false");
		}
	}

	private static Answer change(Application application, String body, int status) {
		Answer answer = application.post("/actuator/ratelimits/policies/api", body, "Content-Type", "application/json");
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		return answer;
	}

	private static Application start(String property) {
		return Application.startInRealTime(Api.class, "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + server.port(), "ratelimit.store=redis", "ratelimit.redis.timeout=2s",
				"ratelimit.policies.api.limits=2/1h", "ratelimit.policies.api.paths=/api/**",
				"management.endpoints.web.exposure.include=ratelimits",
				"management.endpoint.ratelimits.access=unrestricted", property);
	}

}
