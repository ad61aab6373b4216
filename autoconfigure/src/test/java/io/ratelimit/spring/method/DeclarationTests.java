package io.ratelimit.spring.method;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;

import org.springframework.core.annotation.AliasFor;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which annotations count for a method, and what they say.
 */
class DeclarationTests {

	@Test
	void methodReplacesType() {
		try (LimitedApplication application = new LimitedApplication(OnType.class)) {
			OnType bean = application.bean(OnType.class);
			bean.own();
			bean.own();
			assertRefused(bean::own);
			bean.inherited();
			assertRefused(bean::another);
		}
	}

	@Test
	void disabledMethodIsExemptFromTheTypes() {
		try (LimitedApplication application = new LimitedApplication(OnType.class)) {
			OnType bean = application.bean(OnType.class);
			bean.inherited();
			bean.exempt();
			bean.exempt();
			assertThat(application.calls().decided).hasSize(1);
		}
	}

	@Test
	void methodsOfObjectAreNotOfTheType() {
		try (LimitedApplication application = new LimitedApplication(OnType.class)) {
			OnType bean = application.bean(OnType.class);
			assertThat(bean.toString()).isEqualTo("on type");
			assertThat(application.calls().decided).isEmpty();
		}
	}

	@Test
	void privateStaticAndSpringsOwnFinalMethodsAreNotOfTheType() {
		try (LimitedApplication application = new LimitedApplication(OnType.class, OnSpringsType.class)) {
			assertThat(application.bean(OnType.class).callsPrivately()).isEqualTo(OnType.statically());
		}
	}

	@Test
	void overriddenMethodCounts() {
		try (LimitedApplication application = new LimitedApplication(Child.class)) {
			Child bean = application.bean(Child.class);
			bean.overridden();
			assertRefused(bean::overridden);
			bean.replaced();
			bean.replaced();
			assertRefused(bean::replaced);
		}
	}

	@Test
	void superclassCountsForTheMethodsOfItsSubclasses() {
		try (LimitedApplication application = new LimitedApplication(OfBaseType.class)) {
			OfBaseType bean = application.bean(OfBaseType.class);
			bean.own();
			assertRefused(bean::ofBase);
		}
	}

	@Test
	void interfaceMethodAndInterfaceCount() {
		try (LimitedApplication application = new LimitedApplication(OfInterfaces.class)) {
			OfInterfaces bean = application.bean(OfInterfaces.class);
			bean.limited();
			assertRefused(bean::limited);
			bean.byDefault();
			assertRefused(bean::ofType);
		}
	}

	@Test
	void interfaceCountsForAMethodThatASuperclassImplementsUnknowingly() {
		try (LimitedApplication application = new LimitedApplication(Knowing.class)) {
			Knowing bean = application.bean(Knowing.class);
			bean.limited();
			assertRefused(bean::limited);
			GenericMethod<String> generic = bean;
			generic.save("x");
			assertRefused(() -> generic.save("x"));
			assertRefused(() -> bean.save("x"));
		}
	}

	@Test
	void composedAnnotationPassesItsAttributesOn() {
		try (LimitedApplication application = new LimitedApplication(Composed.class)) {
			Composed bean = application.bean(Composed.class);
			bean.exports("ann");
			bean.exports("bob");
			assertRefused(() -> bean.exports("ann"));
			bean.limit("x");
			assertRefused(() -> bean.limit("x"));
		}
	}

	@Test
	void repeatedComposedAnnotationsAllCount() {
		try (LimitedApplication application = new LimitedApplication(Composed.class)) {
			Composed bean = application.bean(Composed.class);
			bean.twice("ann", "bob");
			assertRefused(() -> bean.twice("ann", "eve"));
			assertRefused(() -> bean.twice("eve", "bob"));
			bean.twice("eve", "joe");
		}
	}

	@Test
	void annotationsComposedOfSeveralAllCount() {
		try (LimitedApplication application = new LimitedApplication(Composed.class)) {
			application.bean(Composed.class).pair();
			assertThat(application.calls().decided).hasSize(2);
		}
	}

	@RateLimited("one")
	static class OnType {

		@RateLimited("two")
		public void own() {
		}

		public void inherited() {
		}

		void another() {
		}

		@RateLimited(disabled = true)
		public void exempt() {
		}

		@RateLimited(disabled = true)
		public int callsPrivately() {
			return privately();
		}

		private int privately() {
			return 7;
		}

		static int statically() {
			return 7;
		}

		@Override
		public String toString() {
			return "on type";
		}

	}

	@RateLimited("one")
	static class OnSpringsType extends org.springframework.context.support.ApplicationObjectSupport {

	}

	static class Parent {

		@RateLimited("one")
		public void overridden() {
		}

		@RateLimited("one")
		public void replaced() {
		}

	}

	static class Child extends Parent {

		@Override
		public void overridden() {
		}

		@Override
		@RateLimited("two")
		public void replaced() {
		}

	}

	@RateLimited("one")
	static class BaseType {

		public void ofBase() {
		}

	}

	static class OfBaseType extends BaseType {

		public void own() {
		}

	}

	interface WithMethod {

		@RateLimited(limits = "1/1m")
		void limited();

	}

	@RateLimited("one")
	interface WithType {

		void ofType();

		default void byDefault() {
		}

	}

	static class OfInterfaces implements WithMethod, WithType {

		@Override
		public void limited() {
		}

		@Override
		public void ofType() {
		}

	}

	interface GenericMethod<T> {

		@RateLimited(limits = "1/1m", key = "#item")
		void save(T item);

	}

	static class Unknowing {

		public void limited() {
		}

		public void save(String text) {
		}

	}

	static class Knowing extends Unknowing implements WithMethod, GenericMethod<String> {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.METHOD)
	@RateLimited
	@Repeatable(Exports.List.class)
	@interface Exports {

		@AliasFor(annotation = RateLimited.class, attribute = "policy")
		String named() default "";

		@AliasFor(annotation = RateLimited.class, attribute = "limits")
		String limit() default "";

		@AliasFor(annotation = RateLimited.class, attribute = "key")
		String by() default "";

		@AliasFor(annotation = RateLimited.class, attribute = "cost")
		String cost() default "";

		@Retention(RetentionPolicy.RUNTIME)
		@Target(ElementType.METHOD)
		@interface List {

			Exports[] value();

		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@RateLimited("one")
	@RateLimited("two")
	@interface Pair {

	}

	static class Composed {

		@Exports(named = "two", by = "#user", cost = "2")
		public void exports(String user) {
		}

		@Exports(limit = "1/1m", by = "#user")
		public void limit(String user) {
		}

		@Exports(limit = "1/1m", by = "#user")
		@Exports(limit = "1/1m", by = "#other")
		public void twice(String user, String other) {
		}

		@Pair
		public void pair() {
		}

	}

}
