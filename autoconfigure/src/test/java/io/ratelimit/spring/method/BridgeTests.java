package io.ratelimit.spring.method;

import java.lang.invoke.MethodHandles;

import io.ratelimit.annotation.RateLimited;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.MethodManifestation;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.DefaultMethodCall;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.RootBeanDefinition;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;

/**
 * Methods that compilers add to a class. Kotlin writes one that only delegates, a bridge
 * of the very signature, for each method of an interface that has a body.
 */
class BridgeTests {

	@Test
	void interfaceMethodWithABodyIsLimitedWhereTheClassHasABridge() {
		try (LimitedApplication application = application(bridged(WithBody.class, Void.class, "run", "other", "own"))) {
			WithBody bean = application.bean(WithBody.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void genericInterfaceMethodWithABodyIsLimitedWhereTheClassHasABridge() {
		try (LimitedApplication application = application(bridged(GenericWithBody.class, Object.class, "save"))) {
			@SuppressWarnings("unchecked")
			GenericWithBody<String> bean = application.bean(GenericWithBody.class);
			bean.save("x");
			assertRefused(() -> bean.save("x"));
		}
	}

	@Test
	void interfaceMethodWithABodyIsLimitedByItsType() {
		try (LimitedApplication application = application(bridged(OfType.class, Void.class, "run"))) {
			OfType bean = application.bean(OfType.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void publicMethodOfASuperclassThatIsHiddenIsLimited() {
		try (LimitedApplication application = new LimitedApplication(Shown.class)) {
			Shown bean = application.bean(Shown.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	private static LimitedApplication application(Class<?> type) {
		return new LimitedApplication(
				(context) -> context.registerBeanDefinition("bridged", new RootBeanDefinition(type)));
	}

	private static Class<?> bridged(Class<?> type, Class<?> parameter, String... methods) {
		var builder = new ByteBuddy().subclass(Base.class).implement(type).name(type.getName() + "Bean");
		for (String method : methods) {
			var definition = builder.defineMethod(method, void.class, Visibility.PUBLIC, MethodManifestation.BRIDGE);
			builder = ((parameter != Void.class) ? definition.withParameters(parameter) : definition)
				.intercept(DefaultMethodCall.prioritize(type));
		}
		return builder.make()
			.load(type.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(MethodHandles.lookup()))
			.getLoaded();
	}

	public static class Base {

		@RateLimited("two")
		public void limited() {
		}

	}

	public interface WithBody {

		@RateLimited("one")
		default void run() {
		}

		@RateLimited("two")
		default void other() {
		}

		default void own() {
		}

	}

	public interface GenericWithBody<T> {

		@RateLimited(limit = "1/1m", key = "#item")
		default void save(T item) {
		}

	}

	@RateLimited("one")
	public interface OfType {

		default void run() {
		}

	}

	static class Hidden {

		@RateLimited("one")
		public void run() {
		}

	}

	public static class Shown extends Hidden {

		@RateLimited("two")
		public void other() {
		}

	}

}
