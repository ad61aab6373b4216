package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mockito;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
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
@ExtendWith(OutputCaptureExtension.class)
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
	void mistakeInALazyBeanStopsTheStartAndDoesNotCreateIt() {
		assertThat(LimitedApplication.mistake(LazyMistake.class)).hasMessageContaining("there is no policy 'gone'");
		assertThat(LimitedApplication.mistake(() -> new LimitedApplication((context) -> {
			context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
			context.register(Mistake.class);
		}).close())).hasMessageContaining("there is no policy 'gone'");
		assertThat(LimitedApplication.mistake(LazyFinal.class)).hasMessageContaining("run(): a final method");
	}

	@Test
	void unknownPolicyOfALazyBeanThatIsKnownByAnInterfaceStopsTheStart() {
		assertThat(LimitedApplication.mistake(LazyInterface.class)).hasMessageContaining("there is no policy 'gone'");
	}

	@Test
	void mistakeInAPrototypeStopsTheStart() {
		assertThat(LimitedApplication.mistake(PrototypeMistake.class))
			.hasMessageContaining("there is no policy 'gone'");
	}

	@Test
	void permitsOfALazyBeanAreKnownAfterTheStart() {
		try (LimitedApplication application = new LimitedApplication(LazyExports.class)) {
			assertThat(new AnnotatedMethods(application.bean(RateLimitedAdvisor.class)).permits("two")).isEqualTo(2);
		}
	}

	@Test
	void productThatWasTakenTooEarlyStopsTheStart() {
		assertThat(LimitedApplication.mistake(ExportsFactory.class, NeedsItEarly.class)).hasMessageContaining(
				"the bean 'beanCreationTests.ExportsFactory' carries @RateLimited and is not limited");
	}

	@Test
	void prototypeThatWasTakenTooEarlyStopsTheStart() {
		assertThat(LimitedApplication.mistake(Late.class, NeedsItEarly.class))
			.hasMessageContaining("the bean 'exports' carries @RateLimited and is not limited");
	}

	@Test
	void springDoesNotTakeBeansForEarlyOnes(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Exports.class, Plain.class)) {
			assertThat(application.bean(Plain.class)).isNotNull();
		}
		assertThat(output).doesNotContain("not eligible");
	}

	@Test
	void registryThatNeedsALimitedBeanIsNoCircle() {
		try (LimitedApplication application = new LimitedApplication(Listening.class, Exports.class)) {
			application.bean(Exports.class).run("x");
		}
	}

	static class Exports {

		@RateLimited(limits = "1/1m", key = "#text")
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
	static class LazyMistake extends Mistake {

		LazyMistake() {
			throw new IllegalStateException("created");
		}

	}

	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	static class PrototypeMistake extends LazyMistake {

	}

	static class Mistake {

		@RateLimited("gone")
		void run() {
		}

	}

	@Lazy
	static class LazyFinal {

		@RateLimited("one")
		final void run() {
		}

	}

	@Lazy
	static class LazyExports {

		@RateLimited(policy = "two", cost = "2")
		void run() {
		}

	}

	interface MistakenInterface {

		@RateLimited("gone")
		void run();

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyInterface {

		@Bean
		@Lazy
		MistakenInterface mistaken() {
			throw new IllegalStateException("created");
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
