package io.ratelimit.it.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.spring.policy.PolicySource;
import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Every alert fires once, in a real Prometheus that reads real applications; and what
 * stops, starts and slows Redis is seen in every failure mode, by whoever looks.
 */
class AlertTests {

	private static final Path RULES = Path.of("..", "..", "docs", "grafana", "alerts.yml");

	private static final List<String> MODES = List.of("allow", "deny", "local");

	private static final Duration SOON = Duration.ofSeconds(10);

	/** What was counted before leaves the window of the rules, and the alert ends. */
	private static final Duration LATER = Duration.ofSeconds(20);

	private static final boolean HEALTH = ClassUtils
		.isPresent("org.springframework.boot.health.contributor.HealthIndicator", null);

	private static final Map<String, Application> applications = new LinkedHashMap<>();

	@TempDir
	private static Path directory;

	private static RedisServer redis;

	private static TcpProxy proxy;

	private static Traffic traffic;

	private static Prometheus prometheus;

	@BeforeAll
	static void start() throws IOException {
		assumeTrue(Prometheus.isInstalled(), "Prometheus is not installed");
		redis = RedisServer.start();
		proxy = TcpProxy.to(redis.port());
		applications.put("shop",
				start(Shop.class, "ratelimit.caffeine.maximum-keys=10", "ratelimit.policies.api.limits=1/1h",
						"ratelimit.policies.api.paths=/api", "ratelimit.policies.trial.limits=1/1h",
						"ratelimit.policies.trial.paths=/trial", "ratelimit.policies.trial.mode=shadow",
						"ratelimit.policies.keys=1/1h"));
		for (String mode : MODES) {
			applications.put(mode,
					start(Api.class, "ratelimit.store=redis", "spring.data.redis.host=127.0.0.1",
							"spring.data.redis.port=" + proxy.port(), "ratelimit.redis.timeout=500ms",
							"ratelimit.redis.key-prefix=" + mode + ":", "ratelimit.failure-mode=" + mode,
							"ratelimit.policies.api.limits=1000000/1h", "ratelimit.policies.api.paths=/api",
							"management.health.redis.enabled=false"));
		}
		traffic = new Traffic(applications);
		prometheus = Prometheus.start(directory, RULES, applications);
	}

	@AfterAll
	static void stop() {
		if (prometheus != null) {
			prometheus.close();
			traffic.close();
			applications.values().forEach(Application::close);
			proxy.close();
			redis.close();
		}
	}

	@Test
	void everyAlertFiresAndTheStateOfTheStoreIsSeen() throws IOException {
		Set<String> fired = new TreeSet<>();
		await(SOON, () -> assertThat(prometheus.firing()).contains("RatelimitRefusesMany shop",
				"RatelimitNearLimit shop", "RatelimitShadowWouldRefuse shop"));
		invokeAll(applications.get("shop"));
		await(SOON, () -> assertThat(prometheus.firing()).contains("RatelimitKeysEvicted shop",
				"RatelimitKeysEvictedAtLimit shop", "RatelimitReloadRefused shop"));
		fired.addAll(prometheus.firing());
		assertThat(fired).doesNotContainAnyElementsOf(alerts("RatelimitStoreDown"))
			.doesNotContainAnyElementsOf(alerts("RatelimitStoreFails"))
			.doesNotContainAnyElementsOf(alerts("RatelimitNotCounting"));

		proxy.delay(Duration.ofMillis(25));
		await(SOON, () -> assertThat(prometheus.firing()).containsAll(alerts("RatelimitStoreSlow")));
		fired.addAll(prometheus.firing());
		proxy.delay(Duration.ZERO);
		await(LATER, () -> assertThat(prometheus.firing()).doesNotContainAnyElementsOf(alerts("RatelimitStoreSlow")));

		redis.kill();
		await(SOON, () -> {
			MODES.forEach(AlertTests::assertDown);
			assertThat(prometheus.firing()).containsAll(alerts("RatelimitStoreDown"))
				.containsAll(alerts("RatelimitNotCounting"))
				.containsAll(alerts("RatelimitStoreFails"));
		});
		fired.addAll(prometheus.firing());

		redis.restart();
		await(SOON, () -> {
			MODES.forEach(AlertTests::assertUp);
			assertThat(prometheus.firing()).doesNotContainAnyElementsOf(alerts("RatelimitStoreDown"))
				.doesNotContainAnyElementsOf(alerts("RatelimitNotCounting"));
		});
		await(LATER, () -> assertThat(prometheus.firing()).doesNotContainAnyElementsOf(alerts("RatelimitStoreFails")));
		assertThat(fired.stream().map((alert) -> alert.substring(0, alert.indexOf(' '))).collect(Collectors.toSet()))
			.containsExactlyInAnyOrderElementsOf(namesOfAll());
	}

	private static void assertDown(String mode) {
		Application application = applications.get(mode);
		String endpoint = application.get("/actuator/ratelimits").body();
		assertThat(endpoint).as(mode)
			.contains("\"store\":{\"name\":\"redis\",\"state\":\"down\",\"since\":\"", "\"cause\":\"");
		assertThat(endpoint).as(mode)
			.containsPattern("\"outage\":\\{.*\"%s\":[1-9]\\d*.*,\"over\":false}".formatted(counted(mode)));
		Answer key = application.get("/actuator/ratelimits/keys/api?key=127.0.0.1");
		if (mode.equals("local")) {
			assertThat(key.body()).contains("\"counted\":true,\"where\":\"this instance\",\"allowed\":true",
					"remaining");
		}
		else {
			assertThat(key.body()).contains("\"counted\":false,\"reason\":\"the store does not answer: ",
					"\"allowed\":" + mode.equals("allow"));
		}
		if (HEALTH) {
			Answer health = application.get("/actuator/health");
			assertThat(health.status()).isEqualTo(503);
			assertThat(health.body()).contains("\"failureMode\":\"" + mode + "\"", "\"since\":\"", "\"cause\":\"");
			assertThat(application.get("/actuator/health/liveness").status()).isEqualTo(200);
		}
		Scrape scrape = Scrape.of(application);
		assertThat(scrape.value("ratelimit_store_outage_seconds")).as(mode).isPositive();
		double notCounted = scrape.value("ratelimit_decisions_total", "policy", "api", "outcome", "not-counted");
		double local = scrape.value("ratelimit_local_total", "policy", "api");
		assertThat(mode.equals("local") ? local : notCounted).as(mode).isPositive();
		assertThat(mode.equals("local") ? notCounted : local).as(mode).isZero();
	}

	private static void assertUp(String mode) {
		Application application = applications.get(mode);
		assertThat(application.get("/actuator/ratelimits").body()).as(mode)
			.contains("\"store\":{\"name\":\"redis\",\"state\":\"up\",\"since\":\"")
			.containsPattern("\"outage\":\\{.*,\"over\":true}");
		assertThat(application.get("/actuator/ratelimits/keys/api?key=127.0.0.1").body())
			.contains("\"counted\":true,\"where\":\"redis\"");
		if (HEALTH) {
			assertThat(application.get("/actuator/health").status()).isEqualTo(200);
		}
		assertThat(Scrape.of(application).value("ratelimit_store_outage_seconds")).as(mode).isZero();
	}

	private static String counted(String mode) {
		return switch (mode) {
			case "allow" -> "allowed";
			case "deny" -> "denied";
			default -> "local";
		};
	}

	/**
	 * Has keys dropped, at their limit too, and a change of policies refused.
	 */
	private static void invokeAll(Application shop) {
		Limiter limiter = shop.bean(RateLimits.class).limiter("keys");
		for (int i = 0; i < 2000; i++) {
			limiter.tryAcquire("key-" + i);
			limiter.tryAcquire("key-" + i);
		}
		shop.bean(BreakingSource.class).breakDown();
	}

	private static List<String> alerts(String name) {
		return MODES.stream().map((job) -> name + " " + job).toList();
	}

	private static Set<String> namesOfAll() throws IOException {
		return Files.readAllLines(RULES)
			.stream()
			.filter((line) -> line.contains("- alert: "))
			.map((line) -> line.substring(line.indexOf(": ") + 2).strip())
			.collect(Collectors.toSet());
	}

	private static void await(Duration patience, Runnable assertion) {
		long begin = System.nanoTime();
		while (true) {
			try {
				assertion.run();
				return;
			}
			catch (AssertionError ex) {
				if (System.nanoTime() - begin > patience.toNanos()) {
					throw ex;
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
			}
		}
	}

	private static Application start(Class<?> configuration, String... properties) {
		return Application.startInRealTime(configuration,
				Stream.concat(Stream.of("management.endpoints.web.exposure.include=prometheus,ratelimits,health",
						"management.otlp.metrics.export.enabled=false",
						"management.endpoint.health.show-details=always",
						"management.endpoint.health.probes.enabled=true", "logging.level.io.ratelimit=error",
						"logging.level.io.lettuce=error"), Stream.of(properties))
					.toArray(String[]::new));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Api.ApiController.class)
	static class Shop {

		@Bean
		BreakingSource source() {
			return new BreakingSource();
		}

	}

	/**
	 * Has a policy that cannot work, from some moment on.
	 */
	static final class BreakingSource implements PolicySource {

		private volatile boolean broken;

		private volatile Runnable changed = () -> {
		};

		void breakDown() {
			this.broken = true;
			this.changed.run();
		}

		@Override
		public List<Policy> policies() {
			return this.broken ? List.of(Policy.of("api", Limit.valueOf("1/1h"))) : List.of();
		}

		@Override
		public void onChange(Runnable changed) {
			this.changed = changed;
		}

	}

}
