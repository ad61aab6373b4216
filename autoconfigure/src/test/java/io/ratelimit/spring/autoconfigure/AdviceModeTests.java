package io.ratelimit.spring.autoconfigure;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What annotated methods are advised by.
 */
class AdviceModeTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RateLimitAutoConfiguration.class));

	@Test
	void proxiesUnlessSaidOtherwise() {
		this.runner.withUserConfiguration(Service.class)
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Service.class))).isTrue());
		this.runner.withPropertyValues("ratelimit.method.mode=Proxy")
			.withUserConfiguration(Service.class)
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Service.class))).isTrue());
	}

	@Test
	void aspectMakesNoProxies() {
		this.runner.withPropertyValues("ratelimit.method.mode=aspectj")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("org.springframework.aop.config.internalAutoProxyCreator"));
	}

	@Test
	void classThatIsNotWovenStopsTheStart() {
		this.runner.withPropertyValues("ratelimit.method.mode=AspectJ")
			.withUserConfiguration(Service.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidRateLimitException.class)
				.hasMessageContaining("Service.limited(): it is not woven")
				.hasMessageContaining("ratelimit.method.mode is aspectj"));
	}

	@Test
	void missingAspectStopsTheStart() {
		this.runner.withPropertyValues("ratelimit.method.mode=aspectj")
			.withClassLoader(new FilteredClassLoader("io.ratelimit.aspectj"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidRateLimitException.class)
				.hasMessageContaining("ratelimit.method.mode")
				.hasMessageContaining("there is no aspect on the class path")
				.satisfies((ex) -> assertThat(((InvalidRateLimitException) ex).action())
					.contains("io.ratelimit:ratelimit-aspects")));
	}

	@Test
	void otherModeStopsTheStart() {
		this.runner.withPropertyValues("ratelimit.method.mode=weaving")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("ratelimit.method.mode"));
	}

	static class Service {

		@RateLimited(limits = "1/1h", key = "global")
		void limited() {
		}

	}

}
