package io.ratelimit.it.aspectj;

import java.lang.reflect.Proxy;
import java.util.Objects;

import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.it.aspectj.unwoven.UnwovenDesk;
import io.ratelimit.it.aspectj.woven.Bell;
import io.ratelimit.it.aspectj.woven.Desk;
import io.ratelimit.it.aspectj.woven.UnknownPolicy;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What stops the start where methods are limited by the aspect, and how contexts share
 * it.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartTests {

	@Test
	void classThatIsNotWovenStopsTheStart() {
		assertThat(mistake(UnwovenDesk.class)).hasMessageContaining("UnwovenDesk.limited(): it is not woven")
			.hasMessageContaining("ratelimit.method.mode is aspectj")
			.extracting(InvalidRateLimitException::action)
			.asString()
			.contains("-javaagent:aspectjweaver.jar", "ratelimit-aspects");
	}

	@Test
	void lazyBeansAndPrototypesThatAreNotWovenStopTheStart() {
		assertThat(mistake(LazyDesk.class)).hasMessageContaining("is not woven");
		assertThat(mistake(PrototypeDesk.class)).hasMessageContaining("is not woven");
	}

	@Test
	void annotationThatTheWeaverDoesNotSeeStopsTheStart() {
		assertThat(mistake(PlainMachine.class))
			.hasMessageContaining("PlainMachine.run(): it is limited by the annotation on")
			.hasMessageContaining("Machine.run(), which no weaver looks for there");
		assertThat(mistake(MachineOfALimitedKind.class))
			.hasMessageContaining("MachineOfALimitedKind.run(): it is limited by the annotation on")
			.hasMessageContaining("LimitedMachine, which no weaver looks for there");
	}

	@Test
	void inheritedMethodThatTheWeaverDoesNotSeeStopsTheStart() {
		assertThat(mistake(Shop.class)).hasMessageContaining("Base.open(): it is limited by the annotation on")
			.hasMessageContaining("Shop, which no weaver looks for there");
	}

	@Test
	void generatedClassStopsTheStart() {
		assertThat(mistake(Generated.class)).hasMessageContaining("Machine.run(): its calls cannot be limited");
	}

	@Test
	void unknownPolicyStopsTheStart() {
		assertThat(mistake(UnknownPolicy.class)).hasMessageContaining("\"unknown\"");
	}

	@Test
	void beanInAContextAboveIsCheckedToo() {
		try (ConfigurableApplicationContext above = new SpringApplicationBuilder(UnwovenDesk.class)
			.web(WebApplicationType.NONE)
			.run()) {
			assertThat(mistake(() -> start(above, "1/1h", Desk.class))).hasMessageContaining("is not woven");
		}
	}

	@Test
	void beanInAContextBelowIsLimitedToo() {
		try (ConfigurableApplicationContext above = start(null, "10/1h", Desk.class);
				ConfigurableApplicationContext below = below(above, Desk.class)) {
			below.getBean(Desk.class).callsItself();
			assertThat(left(above)).isEqualTo(9);
			assertThat(mistake(() -> below(above, UnwovenDesk.class))).hasMessageContaining("is not woven");
		}
	}

	@Test
	void beansAreLimitedByThePoliciesOfTheirContext() {
		try (ConfigurableApplicationContext first = start(null, "10/1h", Desk.class)) {
			try (ConfigurableApplicationContext second = start(null, "20/1h", Desk.class)) {
				first.getBean(Desk.class).callsItself();
				assertThat(left(first)).isEqualTo(9);
				assertThat(left(second)).isEqualTo(20);
				second.getBean(Desk.class).callsItself();
				new Desk("no bean").limited();
				assertThat(left(first)).isEqualTo(9);
				assertThat(left(second)).isEqualTo(18);
			}
			new Desk("no bean").limited();
			assertThat(left(first)).isEqualTo(8);
		}
	}

	@Test
	void callsOfBeansDuringTheStartAreCounted() {
		try (ConfigurableApplicationContext context = start(null, "10/1h", Early.class)) {
			assertThat(left(context)).isEqualTo(9);
		}
	}

	@Test
	void callsAreNotLimitedWhereNoContextIsOpenWhichIsLoggedOnce(CapturedOutput output) {
		start(null, "1/1h", Desk.class).close();
		Desk desk = new Desk("alone");
		for (int i = 0; i < 3; i++) {
			assertThat(desk.limited()).isEqualTo("alone");
		}
		assertThat(output).containsOnlyOnce("the aspect limits no calls now");
	}

	@Test
	void wovenClassIsLimitedByProxiesWhereTheseAreAskedFor() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, Bell.class)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "ratelimit.policies.p=10/1h")
			.run()) {
			assertThat(context.getBean(Bell.class).ring()).isEqualTo("ding");
			assertThat(left(context)).isEqualTo(9);
		}
	}

	@Test
	void contextThatDoesNotStartLimitsNothingAfterwards() {
		try (ConfigurableApplicationContext context = start(null, "10/1h", Desk.class)) {
			mistake(UnwovenDesk.class);
			new Desk("no bean").limited();
			assertThat(left(context)).isEqualTo(9);
		}
	}

	private static ConfigurableApplicationContext below(ConfigurableApplicationContext above, Class<?> bean) {
		return new SpringApplicationBuilder(bean).parent(above)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off")
			.run();
	}

	private static long left(ConfigurableApplicationContext context) {
		return context.getBean(RateLimits.class).limiter("p").peek("global").remaining();
	}

	private static InvalidRateLimitException mistake(Class<?> bean) {
		return mistake(() -> start(null, "1/1h", bean));
	}

	private static InvalidRateLimitException mistake(Runnable start) {
		try {
			start.run();
		}
		catch (RuntimeException ex) {
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				if (cause instanceof InvalidRateLimitException invalid) {
					return invalid;
				}
			}
			throw ex;
		}
		throw new AssertionError("started");
	}

	private static ConfigurableApplicationContext start(@Nullable ConfigurableApplicationContext parent, String limit,
			Class<?> bean) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class, bean)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "ratelimit.method.mode=aspectj", "ratelimit.policies.p=" + limit,
					"ratelimit.policies.q=" + limit);
		if (parent != null) {
			builder.parent(Objects.requireNonNull(parent));
		}
		return builder.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Lazy
	static class LazyDesk extends UnwovenDesk {

	}

	@Scope("prototype")
	static class PrototypeDesk extends UnwovenDesk {

	}

	interface Machine {

		@RateLimited(policy = "p", key = "global")
		void run();

	}

	static class PlainMachine implements Machine {

		@Override
		public void run() {
		}

	}

	@RateLimited(policy = "p", key = "global")
	interface LimitedMachine {

		void run();

	}

	static class MachineOfALimitedKind implements LimitedMachine {

		@Override
		public void run() {
		}

	}

	static class Base {

		public void open() {
		}

	}

	@RateLimited(policy = "p", key = "global")
	static class Shop extends Base {

	}

	@Configuration(proxyBeanMethods = false)
	static class Generated {

		@Bean
		Machine machine() {
			return (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Machine.class },
					(proxy, method, arguments) -> null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Desk.class)
	static class Early {

		Early(Desk desk) {
			desk.callsItself();
		}

	}

}
