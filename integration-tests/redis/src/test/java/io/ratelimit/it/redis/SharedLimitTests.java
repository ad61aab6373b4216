package io.ratelimit.it.redis;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ratelimit.RateLimitStore;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.redis.RedisRateLimitStore;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two applications that count in one Redis, found in each way that Spring Boot knows.
 */
class SharedLimitTests {

	private static final String PATIENT = "ratelimit.redis.timeout=5s";

	@Test
	void applicationsShareALimit() {
		try (RedisServer server = RedisServer.start()) {
			assertShared("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + server.port());
		}
	}

	@Test
	void applicationsShareALimitBehindAPassword() {
		try (RedisServer server = RedisServer.start("requirepass a-password")) {
			assertShared("spring.data.redis.url=redis://:a-password@127.0.0.1:" + server.port() + "/3");
		}
	}

	@Test
	void applicationsShareALimitOnACluster() {
		try (RedisServer server = RedisServer.start("cluster-enabled yes")) {
			server.await("CLUSTER ADDSLOTSRANGE 0 16383", "\\+OK");
			server.await("SET ready yes", "\\+OK");
			assertShared("spring.data.redis.cluster.nodes=127.0.0.1:" + server.port());
		}
	}

	@Test
	void applicationsShareALimitOfAServerThatSentinelFinds() {
		try (RedisServer server = RedisServer.start(); RedisServer sentinel = RedisServer.startSentinel(server)) {
			sentinel.await("SENTINEL get-master-addr-by-name main", "\\*2");
			assertShared("spring.data.redis.sentinel.master=main",
					"spring.data.redis.sentinel.nodes=127.0.0.1:" + sentinel.port());
		}
	}

	@Test
	void keysBeginWithThePrefixAndEndByThemselves() {
		try (RedisServer server = RedisServer.start();
				Application application = start("spring.data.redis.host=127.0.0.1",
						"spring.data.redis.port=" + server.port(), "ratelimit.redis.key-prefix=shop:")) {
			application.get("/api/hello");
			StringRedisTemplate redis = application.bean(StringRedisTemplate.class);
			assertThat(redis.keys("*")).contains("shop:{127.0.0.1}api").allMatch((key) -> key.startsWith("shop:"));
			assertThat(redis.getExpire("shop:{127.0.0.1}api")).isBetween(3590L, 3601L);
		}
	}

	@Test
	void callsAreTimed() {
		try (RedisServer server = RedisServer.start();
				Application application = start("spring.data.redis.host=127.0.0.1",
						"spring.data.redis.port=" + server.port())) {
			application.get("/api/hello");
			application.get("/api/hello");
			Timer calls = application.bean(MeterRegistry.class).get("ratelimit.store.calls").timer();
			assertThat(calls.count()).isEqualTo(2);
			assertThat(calls.max(TimeUnit.NANOSECONDS)).isPositive();
		}
	}

	@Test
	void whoKnocksOnCostsNoCalls() {
		try (RedisServer server = RedisServer.start();
				Application application = start("spring.data.redis.host=127.0.0.1",
						"spring.data.redis.port=" + server.port())) {
			assertThat(application.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
			long begin = System.nanoTime();
			Timer calls = application.bean(MeterRegistry.class).get("ratelimit.store.calls").timer();
			long before = calls.count();
			assertThat(application.statuses(50, "/api/hello")).containsOnly(429);
			long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
			assertThat(calls.count() - before).isLessThanOrEqualTo(1 + seconds);
		}
	}

	private static void assertShared(String... properties) {
		try (Application one = start(properties); Application two = start(properties)) {
			assertThat(one.bean(RateLimitStore.class)).isInstanceOf(RedisRateLimitStore.class);
			Answer first = one.get("/api/hello");
			assertThat(first.status()).isEqualTo(200);
			assertThat(first.header("RateLimit-Policy")).isEqualTo("\"api\";q=3;w=3600, \"user\";q=2;w=3600");
			assertThat(first.header("RateLimit")).matches("\"user\";r=1;t=3[56]\\d\\d");
			assertThat(two.get("/api/hello").status()).isEqualTo(200);
			Answer refused = one.get("/api/hello");
			assertThat(refused.status()).isEqualTo(429);
			assertThat(refused.header("RateLimit")).matches("\"user\";r=0;t=3[56]\\d\\d");
			assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(3500L, 3600L);
			assertThat(refused.body()).contains("\"violated-policies\":[\"user\"]");
			assertThat(two.get("/api/hello").status()).isEqualTo(429);
			Answer another = two.get("/api/hello", "X-User", "another");
			assertThat(another.status()).isEqualTo(200);
			assertThat(another.header("RateLimit")).matches("\"api\";r=0;t=3[56]\\d\\d");
			assertThat(one.get("/api/hello", "X-User", "another").body()).contains("\"violated-policies\":[\"api\"]");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.main.banner-mode=off", "ratelimit.key-secret=the same for all instances" })
	void instancesHashSecretsAlikeAndNoneOfThemStandsInRedis(String property) {
		try (RedisServer server = RedisServer.start()) {
			String[] properties = { "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + server.port(),
					property };
			try (Application one = start(properties); Application two = start(properties)) {
				assertThat(one.get("/api/hello", "X-User", "top-secret").status()).isEqualTo(200);
				assertThat(two.get("/api/hello", "X-User", "top-secret").status()).isEqualTo(200);
				assertThat(two.get("/api/hello", "X-User", "top-secret").status()).isEqualTo(429);
				assertThat(server.send("KEYS *")).contains("user", "hmac:").doesNotContain("top-secret");
			}
		}
	}

	private static Application start(String... properties) {
		return Application
			.startInRealTime(Api.class,
					Stream.concat(Stream.of(PATIENT, "ratelimit.store=redis", "ratelimit.policies.api.limits=3/1h",
							"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.user.limits=2/1h",
							"ratelimit.policies.user.paths=/api/**", "ratelimit.policies.user.key=header:X-User"),
							Stream.of(properties))
						.toArray(String[]::new));
	}

}
