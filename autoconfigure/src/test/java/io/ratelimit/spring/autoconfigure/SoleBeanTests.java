package io.ratelimit.spring.autoconfigure;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.LimitResolver;
import io.ratelimit.Limiter;
import io.ratelimit.Plan;
import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import jakarta.annotation.Priority;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that an application may have one of, or none.
 */
class SoleBeanTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(RateLimitAutoConfiguration.class,
			RateLimitWebAutoConfiguration.class, RateLimitMetricsAutoConfiguration.class);

	private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
		.withPropertyValues("ratelimit.policies.api.limits=1/1h");

	@Test
	void twoResolversOfPlansStopTheStart() {
		this.plain.withBean("billing", LimitResolver.class, () -> (policy, key) -> null)
			.withBean("trials", LimitResolver.class, () -> (policy, key) -> null)
			.run((context) -> assertThat(analysis(context).getDescription()).contains("io.ratelimit.LimitResolver",
					"'billing', 'trials'"));
	}

	@Test
	void twoTickersStopTheStart() {
		this.plain.withBean("caches", Ticker.class, Ticker::systemTicker)
			.withBean("limits", Ticker.class, Ticker::systemTicker)
			.run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription()).contains("Ticker", "'caches', 'limits'");
				assertThat(analysis.getAction()).contains("@Primary");
			});
	}

	@Test
	void thePrimaryOneOfSeveralCounts() {
		this.plain.withUserConfiguration(OneIsPrimary.class)
			.run((context) -> assertThat(granted(context)).isEqualTo(2));
	}

	@Test
	void theOneOfTheHighestPriorityCounts() {
		this.plain.withBean(Third.class)
			.withBean(Second.class)
			.run((context) -> assertThat(granted(context)).isEqualTo(2));
	}

	@Test
	void aRegistryOfTheApplicationStopsTheStart() {
		this.plain.withUserConfiguration(Limited.class)
			.withBean("myRegistry", RateLimits.class, SoleBeanTests::registry)
			.run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription()).contains("'myRegistry'", "none of the configured policies");
				assertThat(analysis.getAction()).contains("PolicySource", "register(Policy)");
			});
	}

	@Test
	void aRegistryOfAParentThatHasNoStarterStopsTheStart() {
		new ApplicationContextRunner().withBean("theirs", RateLimits.class, SoleBeanTests::registry)
			.run((parent) -> this.plain.withParent(parent)
				.run((context) -> assertThat(analysis(context).getDescription()).contains("'theirs'")));
	}

	@Test
	void aCallContextOfTheApplicationStopsTheStart() {
		this.plain.withBean("mine", CallContext.class, () -> Mockito.mock(CallContext.class))
			.run((context) -> assertThat(analysis(context).getDescription()).contains("'mine'", "CallContext"));
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withBean("mine", CallContext.class, () -> Mockito.mock(CallContext.class))
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidRateLimitException.class)
				.hasMessageContaining("CallContext"));
	}

	@Test
	void aContextWithAParentThatHasTheStarterHasARegistryOfItsOwn() {
		this.plain.run((parent) -> this.plain.withParent(parent)
			.withPropertyValues("ratelimit.policies.child.limits=1/1h")
			.run((context) -> assertThat(context.getBean(RateLimits.class).policies()).containsKey("child")));
	}

	@Test
	void lookUpsOfPlansAreMeteredWithoutKeys() {
		MeterRegistry meters = new SimpleMeterRegistry();
		this.plain.withBean(LimitResolver.class, () -> (policy, key) -> null).run((context) -> {
			context.getBean("io.ratelimit.meters", MeterBinder.class).bindTo(meters);
			context.getBean(RateLimits.class).limiter("api").tryAcquire("somebody");
			assertThat(meters.get("ratelimit.plans").tag("outcome", "answered").functionTimer().count()).isEqualTo(1);
			Set<String> tags = meters.find("ratelimit.plans")
				.meters()
				.stream()
				.map((meter) -> meter.getId().getTags().toString())
				.collect(Collectors.toSet());
			assertThat(tags).hasSize(4).noneMatch((tag) -> tag.contains("somebody"));
		});
		this.plain.run((context) -> {
			MeterRegistry others = new SimpleMeterRegistry();
			context.getBean("io.ratelimit.meters", MeterBinder.class).bindTo(others);
			assertThat(others.find("ratelimit.plans").meter()).isNull();
		});
	}

	@Test
	void threadsOfPlansEndWithTheContext() {
		AtomicLong nanos = new AtomicLong();
		this.plain.withBean(Ticker.class, () -> nanos::get).withBean(Threads.class).run((context) -> {
			context.getBean(RateLimits.class).limiter("api").tryAcquire("k");
			Thread thread = context.getBean(Threads.class).last;
			assertThat(thread).isNotNull();
			context.close();
			thread.join();
		});
	}

	private static RateLimits registry() {
		return RateLimits.builder(CaffeineRateLimitStore.builder().build()).build();
	}

	private static FailureAnalysis analysis(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		FailureAnalysis analysis = new RateLimitFailureAnalyzer(new StandardEnvironment())
			.analyze(context.getStartupFailure());
		assertThat(analysis).isNotNull();
		return analysis;
	}

	private static long granted(AssertableApplicationContext context) {
		Limiter limiter = context.getBean(RateLimits.class).limiter("api");
		long granted = 0;
		for (int i = 0; i < 9; i++) {
			Decision decision = limiter.tryAcquire("k");
			granted += decision.allowed() ? 1 : 0;
		}
		return granted;
	}

	@Configuration(proxyBeanMethods = false)
	static class OneIsPrimary {

		@Bean
		@Primary
		LimitResolver two() {
			return new Second();
		}

		@Bean
		LimitResolver three() {
			return new Third();
		}

		@Bean
		@Primary
		Ticker ticker() {
			return Ticker.systemTicker();
		}

		@Bean
		Ticker disabled() {
			return Ticker.disabledTicker();
		}

	}

	@Priority(1)
	static class Second implements LimitResolver {

		@Override
		public Plan plan(String policy, String key) {
			return Plan.of("two", Limit.valueOf("2/1h"));
		}

	}

	@Priority(2)
	static class Third implements LimitResolver {

		@Override
		public Plan plan(String policy, String key) {
			return Plan.of("three", Limit.valueOf("3/1h"));
		}

	}

	static class Threads implements LimitResolver {

		private volatile Thread last;

		@Override
		public Plan plan(String policy, String key) {
			this.last = Thread.currentThread();
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Limited {

		@Bean
		Service service() {
			return new Service();
		}

		static class Service {

			@RateLimited("api")
			void call() {
			}

		}

	}

}
