package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static io.ratelimit.spring.method.LimitedApplication.mistake;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Classes and methods that no subclass can extend.
 */
@ExtendWith(OutputCaptureExtension.class)
class SealedTypeTests {

	private static final String HERE = SealedTypeTests.class.getName() + "$";

	@Test
	void finalClassWithAnInterfaceStopsTheStartWhereClassesAreProxied() {
		InvalidRateLimitException mistake = mistake(FinalClass.class);
		assertThat(mistake)
			.hasMessage(HERE + "FinalClass: a final class cannot be limited, since a proxy is a subclass of it");
		assertThat(mistake.action()).isEqualTo("Make the class non-final (in Kotlin: open, or by the kotlin-spring "
				+ "plugin), or have interfaces proxied by spring.aop.proxy-target-class=false.");
	}

	@Test
	void recordStopsTheStartWhereClassesAreProxied() {
		InvalidRateLimitException mistake = mistake(Written.class);
		assertThat(mistake).hasMessage(HERE + "Written: a record cannot be limited, since a proxy is a subclass of it");
		assertThat(mistake.action()).startsWith("Write a class instead of a record, or have interfaces proxied");
	}

	@Test
	void sealedClassStopsTheStart() {
		InvalidRateLimitException mistake = mistake(SealedClass.class);
		assertThat(mistake)
			.hasMessage(HERE + "SealedClass: a sealed class cannot be limited, since a proxy is a subclass of it");
		assertThat(mistake.action()).startsWith("Make the class non-sealed").doesNotContain("interfaces");
	}

	@Test
	void classWithOnlyPrivateConstructorsStopsTheStart() {
		InvalidRateLimitException mistake = mistake(Factory.class);
		assertThat(mistake).hasMessage(HERE + "PrivatelyMade: a class whose constructors are all private cannot be "
				+ "limited, since a proxy is a subclass of it");
		assertThat(mistake.action())
			.isEqualTo("Give the class a constructor that is not private (it need not be public).");
	}

	@Test
	void classWithOnlyPrivateConstructorsAndAnInterfaceStopsTheStartWhereClassesAreProxied() {
		assertThat(mistake(RunnerFactory.class).action())
			.isEqualTo("Give the class a constructor that is not private (it need not be public), or have interfaces "
					+ "proxied by spring.aop.proxy-target-class=false.");
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(RunnerFactory.class)) {
			Runner bean = application.bean(Runner.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void finalClassWhoseOnlyInterfaceIsACallbackStopsTheStart() {
		assertThat(mistake(() -> LimitedApplication.withInterfaceProxies(Closing.class).close()))
			.hasMessageContaining("Closing: a final class cannot be limited");
	}

	@Test
	void finalClassAndRecordAreLimitedWhereInterfacesAreProxied() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(FinalClass.class)) {
			Runner bean = application.bean(Runner.class);
			bean.run();
			assertRefused(bean::run);
		}
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Written.class)) {
			Runner bean = application.bean(Runner.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void lambdaOfAnAnnotatedInterfaceIsLimited() {
		try (LimitedApplication application = new LimitedApplication(Lambda.class)) {
			AnnotatedRunner bean = application.bean(AnnotatedRunner.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void finalMethodOfASupertypeIsLeftAloneAndNamed(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Service.class)) {
			Service bean = application.bean(Service.class);
			bean.bindService();
			bean.bindService();
			bean.call("x");
			assertRefused(() -> bean.call("x"));
		}
		assertThat(output).containsOnlyOnce("SealedTypeTests$Service carries @RateLimited, and these methods of its "
				+ "supertypes are not limited, as they are final: [" + HERE + "ServiceBase.bindService()]");
	}

	@Test
	void finalMethodOfASuperclassIsLeftAloneWhereAnInterfaceCarriesTheAnnotation() {
		try (LimitedApplication application = new LimitedApplication(ByInterface.class)) {
			ByInterface bean = application.bean(ByInterface.class);
			bean.bindService();
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void finalMethodOfTheAnnotatedTypeStopsTheStart() {
		assertThat(mistake(OwnFinal.class))
			.hasMessage(HERE + "OwnFinal.sealed(): a final method cannot be limited, since no proxy can intercept it");
	}

	@Test
	void finalMethodOfASupertypeThatCarriesTheAnnotationItselfStopsTheStart() {
		assertThat(mistake(OfAnnotatedBase.class)).hasMessageStartingWith(HERE + "AnnotatedBase.sealed(): a final");
	}

	interface Runner {

		void run();

	}

	static final class FinalClass implements Runner {

		@Override
		@RateLimited("one")
		public void run() {
		}

	}

	record Written() implements Runner {

		@Override
		@RateLimited("one")
		public void run() {
		}

	}

	static sealed class SealedClass permits Permitted {

		@RateLimited("one")
		public void run() {
		}

	}

	static non-sealed class Permitted extends SealedClass {

	}

	static class PrivatelyMade {

		private PrivatelyMade() {
		}

		@RateLimited("one")
		public void run() {
		}

	}

	static class PrivatelyMadeRunner implements Runner {

		private PrivatelyMadeRunner() {
		}

		@Override
		@RateLimited("one")
		public void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Factory {

		@Bean
		PrivatelyMade made() {
			return new PrivatelyMade();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RunnerFactory {

		@Bean
		PrivatelyMadeRunner made() {
			return new PrivatelyMadeRunner();
		}

	}

	static final class Closing implements AutoCloseable {

		@RateLimited("one")
		public void run() {
		}

		@Override
		public void close() {
		}

	}

	interface AnnotatedRunner {

		@RateLimited("one")
		void run();

	}

	@Configuration(proxyBeanMethods = false)
	static class Lambda {

		@Bean
		AnnotatedRunner runner() {
			return () -> {
			};
		}

	}

	abstract static class ServiceBase {

		public final void bindService() {
		}

		public void call(String request) {
		}

	}

	@RateLimited(policy = "one", key = "#request")
	static class Service extends ServiceBase {

		@Override
		public void call(String request) {
		}

	}

	@RateLimited("one")
	interface Limited {

		void run();

	}

	static class ByInterface extends ServiceBase implements Limited {

		@Override
		public void run() {
		}

	}

	@RateLimited("one")
	static class OwnFinal {

		public final void sealed() {
		}

	}

	static class AnnotatedBase {

		@RateLimited("one")
		public final void sealed() {
		}

	}

	static class OfAnnotatedBase extends AnnotatedBase {

	}

}
