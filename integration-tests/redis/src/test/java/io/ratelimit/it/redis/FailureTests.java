package io.ratelimit.it.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A Redis that is not there, goes away, comes back, or turns the application away.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureTests {

	private RedisServer server;

	@BeforeEach
	void startServer() {
		this.server = RedisServer.start();
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@Test
	void withoutRedisTheApplicationStartsAndAllowLetsThrough(CapturedOutput output) {
		this.server.kill();
		try (Application application = start()) {
			assertThat(output).contains("Redis cannot be asked");
			assertThat(application.statuses(10, "/api/hello")).containsOnly(200);
			Answer answer = application.get("/api/hello");
			assertThat(answer.header("RateLimit-Policy")).isEmpty();
			assertThat(answer.header("RateLimit")).isEmpty();
			this.server.restart();
			awaitCounting(application);
			assertThat(application.statuses(4, "/api/hello")).endsWith(429);
		}
	}

	@Test
	void withoutRedisDenyAnswersThatTheServerCannotCount() {
		this.server.kill();
		try (Application application = start("ratelimit.failure-mode=deny")) {
			Answer answer = application.get("/api/hello");
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.header("Retry-After")).isEqualTo("1");
			assertThat(answer.body()).contains("temporary-reduced-capacity");
			this.server.restart();
			awaitCounting(application);
		}
	}

	@Test
	void withoutRedisLocalCountsInProcess() {
		this.server.kill();
		try (Application application = start("ratelimit.failure-mode=local")) {
			assertThat(application.statuses(4, "/api/hello")).containsExactly(200, 200, 200, 429);
		}
	}

	@Test
	void whenRedisGoesAwayTheFailureModeAppliesUntilItIsBack() {
		try (Application application = start("ratelimit.failure-mode=deny", "ratelimit.policies.api.limits=1000/1h")) {
			assertThat(application.get("/api/hello").header("RateLimit")).startsWith("\"api\";r=999");
			this.server.kill();
			assertThat(application.statuses(10, "/api/hello")).containsOnly(503);
			this.server.restart();
			awaitCounting(application);
			assertThat(application.get("/api/hello").header("RateLimit")).startsWith("\"api\";r=99");
		}
	}

	@Test
	void aConnectionFactoryThatIsStoppedAndStartedAgainIsFollowed() {
		try (Application application = start("ratelimit.failure-mode=deny")) {
			assertThat(application.get("/api/hello").header("RateLimit")).startsWith("\"api\";r=2");
			LettuceConnectionFactory factory = application.bean(LettuceConnectionFactory.class);
			factory.stop();
			factory.start();
			awaitCounting(application);
			assertThat(application.get("/api/hello").header("RateLimit")).startsWith("\"api\";r=0");
		}
	}

	@Test
	void healthFollowsTheServerOnSpringBoot4() {
		assumeTrue(ClassUtils.isPresent("org.springframework.boot.health.contributor.HealthIndicator", null));
		try (Application application = start("management.endpoint.health.show-details=always",
				"management.health.redis.enabled=false")) {
			Answer up = application.get("/actuator/health");
			assertThat(up.status()).isEqualTo(200);
			assertThat(up.body()).contains("\"ratelimit\":", "\"store\":\"redis\"");
			this.server.kill();
			Answer down = application.get("/actuator/health");
			assertThat(down.status()).isEqualTo(503);
			assertThat(down.body()).contains("\"ratelimit\":", "\"store\":\"redis\"");
			assertThat(down.body()).contains("\"failureMode\":\"allow\"", "\"since\":\"", "\"cause\":\"");
			this.server.restart();
			await(() -> application.get("/actuator/health").status() == 200);
		}
	}

	/**
	 * What tells an orchestrator to kill an application, or to send it no requests, does
	 * not hear of Redis unless that is configured.
	 */
	@Test
	void probesFollowTheServerOnlyWhereThatIsConfigured() {
		assumeTrue(ClassUtils.isPresent("org.springframework.boot.health.contributor.HealthIndicator", null));
		try (Application application = start("management.endpoint.health.probes.enabled=true",
				"management.health.redis.enabled=false");
				Application following = start("management.endpoint.health.probes.enabled=true",
						"management.endpoint.health.group.readiness.include=readinessState,ratelimit")) {
			this.server.kill();
			assertThat(application.get("/actuator/health").status()).isEqualTo(503);
			assertThat(application.get("/actuator/health/liveness").status()).isEqualTo(200);
			assertThat(application.get("/actuator/health/readiness").status()).isEqualTo(200);
			assertThat(following.get("/actuator/health/liveness").status()).isEqualTo(200);
			assertThat(following.get("/actuator/health/readiness").status()).isEqualTo(503);
		}
	}

	/**
	 * An instance that gets no requests while it is not ready would else never get one
	 * again.
	 */
	@Test
	void anInstanceIsReadyAgainOnceAServerThatWasFullHasRoom() {
		assumeTrue(ClassUtils.isPresent("org.springframework.boot.health.contributor.HealthIndicator", null));
		try (Application application = start("ratelimit.failure-mode=deny",
				"management.endpoint.health.probes.enabled=true",
				"management.endpoint.health.group.readiness.include=readinessState,ratelimit")) {
			this.server.send("CONFIG SET maxmemory-policy noeviction");
			this.server.send("CONFIG SET maxmemory 1");
			assertThat(application.get("/api/hello").status()).isEqualTo(503);
			assertThat(application.get("/actuator/health/readiness").status()).isEqualTo(503);
			this.server.send("CONFIG SET maxmemory 0");
			await(() -> application.get("/actuator/health/readiness").status() == 200);
		}
	}

	@Test
	void beginAndEndOfAnOutageAreKnownWithoutAnyRequest(CapturedOutput output) {
		try (Application application = start("ratelimit.failure-mode=local",
				"management.endpoints.web.exposure.include=ratelimits")) {
			assertThat(state(application)).contains("\"store\":{\"name\":\"redis\",\"state\":\"up\"}");
			this.server.kill();
			await(() -> state(application).contains("\"state\":\"down\",\"since\":\""));
			assertThat(state(application)).contains("\"notCounted\":0", "\"storeState\":\"down\"");
			assertThat(output).contains("The rate limit store does not answer");
			this.server.restart();
			await(() -> state(application).contains("\"state\":\"up\",\"since\":\""));
			assertThat(output).contains("The rate limit store answers again");
		}
	}

	@Test
	void aServerThatHangsIsKnownWithoutAnyRequest() {
		try (Application application = start("management.endpoints.web.exposure.include=ratelimits")) {
			this.server.freeze();
			await(() -> state(application).contains("\"state\":\"down\""));
			this.server.thaw();
			await(() -> state(application).contains("\"state\":\"up\""));
		}
	}

	private static String state(Application application) {
		return application.get("/actuator/ratelimits").body();
	}

	/**
	 * Waits for something that is to happen within ten seconds.
	 */
	private static void await(BooleanSupplier condition) {
		long begin = System.nanoTime();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(10));
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
		}
	}

	@Test
	void aWrongPasswordStopsTheStart(CapturedOutput output) {
		try (RedisServer guarded = RedisServer.start("requirepass a-password")) {
			assertThatThrownBy(() -> start("spring.data.redis.port=" + guarded.port(),
					"spring.data.redis.password=another-password")
				.close()).isNotNull();
			assertThatThrownBy(() -> start("spring.data.redis.port=" + guarded.port()).close()).isNotNull();
		}
		assertThat(output.getOut()).contains("APPLICATION FAILED TO START",
				"ratelimit.store: Redis turns the application away: WRONGPASS", "turns the application away: NOAUTH",
				"Correct spring.data.redis.username and spring.data.redis.password");
		assertThat(output.getAll()).doesNotContain("another-password");
	}

	/**
	 * Sends requests until one of them is counted.
	 */
	private static void awaitCounting(Application application) {
		long begin = System.nanoTime();
		while (application.get("/api/hello").header("RateLimit").isEmpty()) {
			assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(15));
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
	}

	private Application start(String... properties) {
		return Application.startInRealTime(Api.class,
				Stream.concat(
						Stream.of("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + this.server.port(),
								"ratelimit.store=redis", "ratelimit.redis.timeout=500ms",
								"ratelimit.policies.api.limits=3/1h", "ratelimit.policies.api.paths=/api/**"),
						Stream.of(properties))
					.toArray(String[]::new));
	}

}
