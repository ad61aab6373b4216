package io.ratelimit.spring.autoconfigure;

import java.util.List;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image has to keep for us.
 */
class NativeHintsTests {

	private static final RuntimeHints hints = hints();

	@ParameterizedTest
	@ValueSource(
			strings = { "io/ratelimit/redis/clock.lua", "io/ratelimit/redis/slide.lua", "io/ratelimit/redis/decide.lua",
					"io/ratelimit/spring/observe/console.html", "io/ratelimit/spring/observe/console.js",
					"io/ratelimit/spring/observe/card.js", "io/ratelimit/spring/observe/parts.js",
					"io/ratelimit/spring/observe/endpoint.js", "io/ratelimit/spring/web/servlet/refusal.html",
					"io/ratelimit/spring/observe/console.css", "io/ratelimit/spring/observe/icon.svg" })
	void filesThatAreReadAreKept(String file) {
		assertThat(ClassUtils.getDefaultClassLoader().getResource(file)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(file)).accepts(hints);
	}

	@Test
	void theMethodThatReadsALimitIsKept() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(PropertyTypes.limit(), "valueOf"))
			.accepts(hints);
	}

	@Test
	void whatExpressionsReachIsKept() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Order.class, "customer")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Customer.class, "name")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Distances.class, "to")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Weights.class, "of")).accepts(hints);
	}

	@Test
	void whatNoExpressionReachesIsLeftOut() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Parcel.class, "weight")).rejects(hints);
	}

	private static RuntimeHints hints() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(RateLimitAutoConfiguration.class, Orders.class);
			context.registerBean("distances", Distances.class);
			context.registerBean("the.weights", Weights.class);
			GenerationContext generation = new TestGenerationContext();
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			return generation.getRuntimeHints();
		}
	}

	/**
	 * What is limited.
	 */
	static class Orders {

		@RateLimited(limits = "5/1h", key = "#orders[0].customer.name", cost = "@distances.to(#town)")
		void place(List<Order> orders, String town) {
		}

		@RateLimited(limits = "5/1h", cost = "@'the.weights'.of()")
		void fetch() {
		}

		@RateLimited(limits = "5/1h")
		void send(Parcel parcel) {
		}

	}

	/**
	 * An element of an argument.
	 */
	record Order(Customer customer) {
	}

	/**
	 * A part of it.
	 */
	record Customer(String name) {
	}

	/**
	 * An argument that no expression reaches.
	 */
	record Parcel(int weight) {
	}

	/**
	 * A bean that an expression asks.
	 */
	static class Distances {

		public int to(String town) {
			return town.length();
		}

	}

	/**
	 * A bean whose name is quoted.
	 */
	static class Weights {

		public int of() {
			return 1;
		}

	}

}
