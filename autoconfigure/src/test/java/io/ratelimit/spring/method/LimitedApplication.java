package io.ratelimit.spring.method;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.GivenPolicies;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.LivePolicies;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A small application with policies {@code one} (1/1m), {@code two} (2/1m), {@code off},
 * {@code shadow} (1/1m) and the leaky buckets {@code slow}, {@code slowest} and
 * {@code slowest-shadow}, and the properties {@code n} and {@code m}.
 */
final class LimitedApplication implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	LimitedApplication(Class<?>... beans) {
		this((context) -> {
		}, beans);
	}

	LimitedApplication(Consumer<AnnotationConfigApplicationContext> customizer, Class<?>... beans) {
		this(true, customizer, beans);
	}

	private LimitedApplication(boolean proxyClasses, Consumer<AnnotationConfigApplicationContext> customizer,
			Class<?>... beans) {
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("n", "3/1m", "m", "5/1h")));
		AopConfigUtils.registerAutoProxyCreatorIfNecessary(this.context);
		if (proxyClasses) {
			AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(this.context);
		}
		this.context.register(LimiterConfiguration.class);
		if (beans.length > 0) {
			this.context.register(beans);
		}
		customizer.accept(this.context);
		try {
			this.context.refresh();
		}
		catch (RuntimeException ex) {
			this.context.close();
			throw ex;
		}
	}

	/**
	 * Starts an application with interfaces proxied where there are any.
	 */
	static LimitedApplication withInterfaceProxies(Class<?>... beans) {
		return new LimitedApplication(false, (context) -> {
		}, beans);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	FakeContext calls() {
		return bean(FakeContext.class);
	}

	RateLimits registry() {
		return bean(RateLimits.class);
	}

	void advance(Duration time) {
		bean(AtomicLong.class).addAndGet(time.toNanos());
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Calls what has two permits until it is refused, and checks that each call is
	 * counted once.
	 */
	void assertTakesTwoOfTwo(Runnable call) {
		call.run();
		assertThat(calls().decided).hasSize(1);
		call.run();
		assertRefused(call::run);
	}

	static void assertRefused(ThrowingCallable call) {
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(call);
	}

	/**
	 * Returns what stops the start of an application.
	 */
	static InvalidRateLimitException mistake(ThrowingCallable start) {
		try {
			start.call();
		}
		catch (Throwable ex) {
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				if (cause instanceof InvalidRateLimitException invalid) {
					return invalid;
				}
			}
			throw new AssertionError("stopped by something else", ex);
		}
		throw new AssertionError("started");
	}

	static InvalidRateLimitException mistake(Class<?>... beans) {
		return mistake(() -> new LimitedApplication(beans).close());
	}

	@Configuration(proxyBeanMethods = false)
	static class LimiterConfiguration {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static RateLimitedAdvisor rateLimitedAdvisor(ObjectProvider<RateLimits> registry,
				ObjectProvider<LivePolicies> policies, ObjectProvider<CallContext> context,
				ObjectProvider<Expressions> expressions, ConfigurableListableBeanFactory beans) {
			return new RateLimitedAdvisor(registry::getObject, policies::getObject, context::getObject,
					expressions::getObject, beans::resolveEmbeddedValue, () -> (claims, decisions) -> List.of());
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static RateLimitedChecks rateLimitedChecks(RateLimitedAdvisor advisor, ConfigurableListableBeanFactory beans) {
			return new RateLimitedChecks(advisor, beans);
		}

		@Bean
		Expressions expressions(ConfigurableListableBeanFactory beans) {
			return new Expressions(beans);
		}

		@Bean
		AtomicLong ticker() {
			return new AtomicLong();
		}

		@Bean
		RateLimits registry(AtomicLong ticker) {
			RateLimits registry = RateLimits.builder(CaffeineRateLimitStore.builder().ticker(ticker::get).build())
				.build();
			Policy one = Policy.of("one", Limit.valueOf("1/1m"));
			registry.register(one);
			registry.register(Policy.of("two", Limit.valueOf("2/1m")));
			registry.register(Policy.of("off", one.limits()).withMode(Mode.OFF));
			registry.register(Policy.of("shadow", one.limits()).withMode(Mode.SHADOW));
			registry.register(Policy.of("slow", LeakyBucket.of(1, Duration.ofMillis(2), Duration.ofHours(1))));
			Policy slowest = Policy.of("slowest", LeakyBucket.of(1, Duration.ofHours(1), Duration.ofHours(9)));
			registry.register(slowest);
			registry.register(Policy.of("slowest-shadow", slowest.limits()).withMode(Mode.SHADOW));
			return registry;
		}

		@Bean
		LivePolicies policies(RateLimits registry) {
			return GivenPolicies.none(registry);
		}

		@Bean
		FakeContext calls() {
			return new FakeContext();
		}

	}

	/**
	 * A context in which somebody calls, {@code caller} unless said otherwise.
	 */
	static final class FakeContext implements CallContext {

		final List<Decision> decided = new ArrayList<>();

		volatile boolean room = true;

		final Map<String, Long> paid = new HashMap<>();

		final List<String> keys = new ArrayList<>();

		@Nullable String caller = "caller";

		@Override
		public Supplier<@Nullable String> key(String policy, @Nullable String key) {
			if ("nonsense".equals(key)) {
				throw new IllegalArgumentException("'nonsense' is not a key: use principal or ip");
			}
			this.keys.add(policy + ":" + key);
			return () -> this.caller;
		}

		@Override
		public @Nullable Runnable beginWait() {
			return this.room ? CallContext.super.beginWait() : null;
		}

		@Override
		public Surroundings surroundings() {
			return new Surroundings() {

				@Override
				public long use(String policy, String key, long permits) {
					long used = Math.min(permits, FakeContext.this.paid.getOrDefault(policy + ":" + key, 0L));
					FakeContext.this.paid.merge(policy + ":" + key, -used, Long::sum);
					return used;
				}

				@Override
				public void unuse(String policy, String key, long permits) {
					FakeContext.this.paid.merge(policy + ":" + key, permits, Long::sum);
				}

				@Override
				public void decided(List<Decision> decisions) {
					FakeContext.this.decided.addAll(decisions);
				}

			};
		}

	}

}
