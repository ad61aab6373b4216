package io.ratelimit.it.endpoint;

import java.net.URI;
import java.util.Arrays;
import java.util.stream.Stream;

import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;

import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint of an application, over HTTP.
 */
record Endpoint(Application application) implements AutoCloseable {

	static final String[] JSON = { "Content-Type", "application/json" };

	private static final String[] POLICIES = { "management.endpoints.web.exposure.include=ratelimits",
			"ratelimit.policies.api.limits=2/1m", "ratelimit.policies.api.paths=/api/**",
			"ratelimit.policies.api.except=/api/health", "ratelimit.policies.api.methods=GET,POST",
			"ratelimit.policies.api.key=header:X-User | ip", "ratelimit.policies.search.limits[0].permits=50",
			"ratelimit.policies.search.limits[0].window=1s", "ratelimit.policies.search.limits[0].burst=200",
			"ratelimit.policies.search.limits[0].algorithm=token-bucket",
			"ratelimit.policies.search.limits[0].name=search-burst", "ratelimit.policies.search.limits[1]=5000/1d",
			"ratelimit.policies.search.paths=/search", "ratelimit.policies.search.cost=5",
			"ratelimit.policies.search.failure-mode=deny", "ratelimit.policies.exports=6/1h" };

	static final String WRITABLE = "management.endpoint.ratelimits.access=unrestricted";

	/**
	 * Starts an application whose endpoint is exposed.
	 * @param properties more properties
	 */
	static Endpoint start(String... properties) {
		String[] all = Stream.concat(Arrays.stream(POLICIES), Arrays.stream(properties)).toArray(String[]::new);
		return new Endpoint(Application.start(Api.class, all));
	}

	Policy policy(String name) {
		return this.application.bean(RateLimits.class).limiter(name).policy();
	}

	/**
	 * Returns what is read, which succeeds.
	 */
	String read(String path) {
		Answer answer = this.application.get("/actuator/ratelimits" + path);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.body();
	}

	Answer change(String policy, String body) {
		return this.application.post("/actuator/ratelimits/policies/" + policy, body, JSON);
	}

	Answer delete(String path) {
		return this.application.send("DELETE", "/actuator/ratelimits" + path, "");
	}

	/**
	 * Sends a request to the port that only the actuator has.
	 */
	Answer managed(String method, String path, String body) {
		String port = this.application.bean(Environment.class).getRequiredProperty("local.management.port");
		return this.application.send(method, URI.create("http://127.0.0.1:" + port + path), body, JSON);
	}

	@Override
	public void close() {
		this.application.close();
	}

}
