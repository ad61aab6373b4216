package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.springframework.samples.clinic.Vets;

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
	void aClassOfAnApplicationMayStandInAPackageLikeSpringsOwn() {
		try (LimitedApplication application = new LimitedApplication(Vets.class)) {
			Vets bean = application.bean(Vets.class);
			bean.list();
			assertRefused(bean::list);
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

}
