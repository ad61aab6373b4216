package io.ratelimit.it.neighbours;

import java.util.ArrayList;
import java.util.List;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Resilience4j and this library in one application: each does what it does alone.
 */
class Resilience4jTests {

	private static Application application;

	private static Orders.Warehouse warehouse;

	@BeforeAll
	static void start() {
		application = Application.start(Orders.class, "management.endpoints.web.exposure.include=*",
				"resilience4j.circuitbreaker.instances.broken.sliding-window-size=2",
				"resilience4j.circuitbreaker.instances.broken.minimum-number-of-calls=2",
				"resilience4j.ratelimiter.instances.reserve.limit-for-period=2",
				"resilience4j.ratelimiter.instances.reserve.limit-refresh-period=1h",
				"resilience4j.ratelimiter.instances.reserve.timeout-duration=0", "ratelimit.policies.api.limits=2/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.order=2/1m",
				"ratelimit.policies.both=2/1m");
		warehouse = application.bean(Orders.Warehouse.class);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@Test
	void circuitOpens() {
		List<String> answers = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			answers.add(warehouse.broken());
		}
		assertThat(answers).containsExactly("IllegalStateException", "IllegalStateException",
				"CallNotPermittedException");
	}

	@Test
	void rateLimiterOfResilience4jRefuses() {
		List<String> answers = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			answers.add(warehouse.reserve());
		}
		assertThat(answers).containsExactly("reserved", "reserved", "RequestNotPermitted");
	}

	@Test
	void policyOnAPathRefuses() {
		assertThat(application.statuses(3, "/api/orders")).containsExactly(200, 200, 429);
	}

	@Test
	void policyOnAMethodRefuses() {
		assertThat(application.statuses(3, "/order")).containsExactly(200, 200, 429);
	}

	@Test
	void methodMayHaveACircuitAndALimit() {
		CircuitBreaker circuit = application.bean(CircuitBreakerRegistry.class).circuitBreaker("both");
		assertThat(List.of(warehouse.both(), warehouse.both())).containsOnly("both");
		assertThat(circuit.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(2);
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(warehouse::both);
		assertThat(circuit.getMetrics().getNumberOfFailedCalls()).as("a refusal is no failure").isZero();
	}

	@Test
	void registriesOfBothAreBeans() {
		assertThat(application.bean(io.github.resilience4j.ratelimiter.RateLimiterRegistry.class)
			.rateLimiter("reserve")
			.getName()).isEqualTo("reserve");
		assertThat(application.bean(io.ratelimit.RateLimits.class).limiter("order").policy().name()).isEqualTo("order");
	}

	@Test
	void endpointsOfBothAnswer() {
		assertThat(application.get("/actuator/ratelimiters").body()).contains("reserve");
		assertThat(application.get("/actuator/ratelimits").body()).contains("order");
	}

}
