package io.ratelimit.spring.store;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.redis.RedisRateLimitStore;
import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitRedisAutoConfiguration;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The store in Redis, where nobody listens: what takes a server is tested with one.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisStoreConfigurationTests {

	private static final String STORE_PACKAGE = "io.ratelimit.redis";

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(RateLimitAutoConfiguration.class, RateLimitRedisAutoConfiguration.class))
		.withPropertyValues("ratelimit.policies.api.limits=2/1h");

	private final ApplicationContextRunner redis = this.plain
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
		.withPropertyValues("ratelimit.store=redis", "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=1");

	@Test
	void countsInProcessUnlessToldOtherwise() {
		this.redis.withPropertyValues("ratelimit.store=caffeine")
			.run((context) -> assertThat(context).hasSingleBean(CaffeineRateLimitStore.class)
				.doesNotHaveBean(RedisRateLimitStore.class)
				.doesNotHaveBean(RedisStoreStart.class)
				.doesNotHaveBean(HealthIndicator.class));
	}

	@Test
	void theDefaultStoreNeedsNothingOfRedis() {
		this.plain
			.withClassLoader(new FilteredClassLoader(STORE_PACKAGE, "io.lettuce", "org.springframework.data",
					"org.springframework.boot.health.contributor"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(CaffeineRateLimitStore.class));
	}

	@Test
	void startsWithoutServerAndSaysSo(CapturedOutput output) {
		this.redis.run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(RateLimitStore.class)
				.hasSingleBean(RedisRateLimitStore.class);
			assertThat(output).contains("Redis cannot be asked", "policies act by their failure mode");
			assertThat(context.getBean(RateLimits.class).limiter("api").tryAcquire("a", 1))
				.satisfies((decision) -> assertThat(decision.allowed() && !decision.counted()).isTrue());
		});
	}

	@Test
	void asksNobodyWhenNothingIsLimited(CapturedOutput output) {
		this.redis.withPropertyValues("ratelimit.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("Redis cannot be asked");
		});
	}

	@Test
	void countsInProcessByItsFailureMode() {
		this.redis.withPropertyValues("ratelimit.failure-mode=local")
			.withBean(Ticker.class, () -> () -> 1)
			.run((context) -> {
				var limiter = context.getBean(RateLimits.class).limiter("api");
				assertThat(limiter.tryAcquire("a", 2).counted()).isTrue();
				assertThat(limiter.tryAcquire("a", 1).allowed()).isFalse();
			});
	}

	@Test
	void backsOffWhenUserDefinesStore(CapturedOutput output) {
		this.redis.withUserConfiguration(OwnStore.class).run((context) -> {
			assertThat(context).hasSingleBean(RateLimitStore.class).doesNotHaveBean(HealthIndicator.class);
			assertThat(output).contains("permits are counted by the application's own store, a CaffeineRateLimitStore");
		});
	}

	@Test
	void withoutTheStoreOnTheClassPathTheStartStops() {
		this.redis.withClassLoader(new FilteredClassLoader(STORE_PACKAGE))
			.run((context) -> assertStops(context, "ratelimit.store", "not on the class path",
					"io.ratelimit:ratelimit-redis and org.springframework.boot:spring-boot-starter-data-redis"));
	}

	@Test
	void withoutSpringDataRedisTheStartStops() {
		this.plain.withPropertyValues("ratelimit.store=redis")
			.withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))
			.run((context) -> assertStops(context, "ratelimit.store", "a connection of Spring Data Redis",
					"org.springframework.boot:spring-boot-starter-data-redis"));
	}

	@Test
	void withoutAConnectionFactoryTheStartStops() {
		this.plain.withPropertyValues("ratelimit.store=redis")
			.run((context) -> assertStops(context, "ratelimit.store", "LettuceConnectionFactory, and there is none",
					"define a LettuceConnectionFactory"));
	}

	@Test
	void withAnotherClientTheStartStops() {
		this.redis.withBean(RedisConnectionFactory.class, () -> Mockito.mock(RedisConnectionFactory.class))
			.run((context) -> assertStops(context, "ratelimit.store",
					"the connection factory is a RedisConnectionFactory", "Use Lettuce"));
	}

	@Test
	void aLimitThatCannotBeCountedStopsTheStart() {
		this.redis.withPropertyValues("ratelimit.policies.exports.limits=5/1500ns")
			.run((context) -> assertStops(context, "ratelimit.policies.exports.limits", "Redis counts in microseconds",
					"Correct the limit"));
	}

	@Test
	void aLimitInPlaceThatCannotBeCountedStopsTheStart() {
		this.redis.withUserConfiguration(OddLimit.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("Redis counts in microseconds"));
	}

	@Test
	void aTimeoutOrAPrefixThatCannotWorkStopsTheStart() {
		this.redis.withPropertyValues("ratelimit.redis.timeout=0s")
			.run((context) -> assertStops(context, "ratelimit.redis.timeout", "longer than zero", "50ms"));
		this.redis.withPropertyValues("ratelimit.redis.key-prefix={shop}:")
			.run((context) -> assertStops(context, "ratelimit.redis.key-prefix", "without braces",
					"Leave the braces out"));
	}

	@Test
	void replicasWithoutSentinelStopTheStart() {
		this.redis.withPropertyValues("spring.data.redis.masterreplica.nodes=127.0.0.1:1,127.0.0.1:2")
			.run((context) -> assertStops(context, "ratelimit.store", "no client that can connect by itself",
					"Use a single server, Sentinel or a cluster"));
	}

	@Test
	void healthIsDownWhileNobodyAnswers() {
		this.redis.withPropertyValues("spring.data.redis.password=secret-password").run((context) -> {
			HealthIndicator indicator = context.getBean("ratelimitHealthIndicator", HealthIndicator.class);
			Health health = indicator.health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("store", "redis").containsKey("cause");
			assertThat(health.toString()).doesNotContain("secret-password");
		});
	}

	@Test
	void healthCanBeSwitchedOff() {
		this.redis.withPropertyValues("management.health.ratelimit.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
	}

	@Test
	void worksWithoutHealth() {
		this.redis.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisRateLimitStore.class)
				.doesNotHaveBean("ratelimitHealthIndicator"));
	}

	private static void assertStops(AssertableApplicationContext context, String property, String reason,
			String action) {
		assertThat(context).hasFailed();
		Throwable root = context.getStartupFailure();
		while (root.getCause() != null) {
			root = root.getCause();
		}
		assertThat(root).isInstanceOfSatisfying(InvalidRateLimitException.class, (invalid) -> {
			assertThat(invalid.place()).isEqualTo(property);
			assertThat(invalid).hasMessageContaining(reason);
			assertThat(invalid.action()).contains(action);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStore {

		@Bean
		RateLimitStore store() {
			return CaffeineRateLimitStore.builder().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OddLimit {

		@Bean
		Service service() {
			return new Service();
		}

		static class Service {

			@RateLimited(limits = "5/1500ns")
			void call() {
			}

		}

	}

}
