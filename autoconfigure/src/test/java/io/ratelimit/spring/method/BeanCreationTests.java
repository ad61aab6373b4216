package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.Ordered;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans are limited whenever and however they are created, or the start stops.
 */
class BeanCreationTests {

	@Test
	void prototypesAndLazyBeansAreLimitedAndNotInstantiatedByTheChecks() {
		try (LimitedApplication application = new LimitedApplication(Late.class)) {
			assertThat(Late.created).isZero();
			application.bean(Exports.class).run("x");
			assertRefused(() -> application.bean(Exports.class).run("x"));
			assertRefused(() -> application.bean(Exports.class).run("x"));
		}
	}

	@Test
	void productOfAFactoryBeanIsLimited() {
		try (LimitedApplication application = new LimitedApplication(ExportsFactory.class)) {
			application.bean(Exports.class).run("x");
			assertRefused(() -> application.bean(Exports.class).run("x"));
		}
	}

	@Test
	void beanOfACircleIsLimited() {
		try (LimitedApplication application = new LimitedApplication(
				(context) -> context.setAllowCircularReferences(true), Chicken.class, Egg.class)) {
			application.bean(Egg.class).chicken.lay();
			assertRefused(application.bean(Chicken.class)::lay);
		}
	}

	@Test
	void callWhileTheApplicationStartsIsLimited() {
		try (LimitedApplication application = new LimitedApplication(Exports.class, Caller.class)) {
			assertRefused(() -> application.bean(Exports.class).run("start"));
		}
	}

	@Test
	void mockInPlaceOfABeanDoesNotStopTheStart() {
		Exports mock = Mockito.mock(Exports.class);
		try (LimitedApplication application = new LimitedApplication((context) -> {
			context.registerBeanDefinition("exports", new RootBeanDefinition(Exports.class));
			context.getBeanFactory().registerSingleton("exports", mock);
		})) {
			assertThat(application.bean(Exports.class)).isSameAs(mock);
		}
	}

	@Test
	void beanThatWasCreatedTooEarlyStopsTheStart() {
		assertThat(LimitedApplication.mistake(Exports.class, NeedsItEarly.class))
			.hasMessageContaining(Exports.class.getName())
			.hasMessageContaining("the bean 'beanCreationTests.Exports' carries @RateLimited and is not limited");
	}

	@Test
	void beanThatWasNotCreatedBySpringStopsTheStart() {
		assertThat(LimitedApplication.mistake(() -> new LimitedApplication(
				(context) -> context.getBeanFactory().registerSingleton("handMade", new Exports()))))
			.hasMessageContaining("the bean 'handMade' carries @RateLimited and is not limited");
	}

	@Test
	void mistakeInALazyBeanShowsWhenItIsCreated() {
		try (LimitedApplication application = new LimitedApplication(LazyMistake.class)) {
			assertThat(LimitedApplication.mistake(() -> application.bean(LazyMistake.class)))
				.hasMessageContaining("there is no policy 'gone'");
			assertThat(LimitedApplication.mistake(() -> application.bean(LazyMistake.class)))
				.hasMessageContaining("there is no policy 'gone'");
		}
	}

	@Test
	void registryThatNeedsALimitedBeanIsNoCircle() {
		try (LimitedApplication application = new LimitedApplication(Listening.class, Exports.class)) {
			application.bean(Exports.class).run("x");
		}
	}

	static class Exports {

		@RateLimited(limit = "1/1m", key = "#text")
		public void run(String text) {
		}

	}

	static class Plain {

	}

	@Configuration(proxyBeanMethods = false)
	static class Late {

		static int created;

		@Bean
		@Lazy
		Plain lazy() {
			created++;
			return new Plain();
		}

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		Exports exports() {
			return new Exports();
		}

	}

	static class ExportsFactory implements FactoryBean<Exports> {

		@Override
		public Exports getObject() {
			return new Exports();
		}

		@Override
		public Class<?> getObjectType() {
			return Exports.class;
		}

	}

	static class Chicken {

		Chicken(ObjectProvider<Egg> egg) {
		}

		@org.springframework.beans.factory.annotation.Autowired
		Egg egg;

		@RateLimited("one")
		void lay() {
		}

	}

	static class Egg {

		@org.springframework.beans.factory.annotation.Autowired
		Chicken chicken;

	}

	static class Caller {

		Caller(Exports exports) {
			exports.run("start");
		}

	}

	static class NeedsItEarly implements org.springframework.beans.factory.config.BeanPostProcessor, Ordered {

		NeedsItEarly(Exports exports) {
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

	}

	@Lazy
	static class LazyMistake {

		@RateLimited("gone")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@Bean
		LimitedApplication.FakeContext calls(Exports exports) {
			return new LimitedApplication.FakeContext();
		}

	}

}
