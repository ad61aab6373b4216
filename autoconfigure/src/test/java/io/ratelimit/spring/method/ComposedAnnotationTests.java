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
 * Annotations that are made of {@link RateLimited} count as it does.
 */
class ComposedAnnotationTests {

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
