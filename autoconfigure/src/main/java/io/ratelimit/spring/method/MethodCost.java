package io.ratelimit.spring.method;

import org.jspecify.annotations.Nullable;

/**
 * How many permits a call takes: a constant, or what an expression yields.
 */
final class MethodCost {

	private final long constant;

	private final @Nullable ArgumentExpression expression;

	MethodCost(long constant) {
		this.constant = constant;
		this.expression = null;
	}

	MethodCost(ArgumentExpression expression) {
		this.constant = 1;
		this.expression = expression;
	}

	/**
	 * Returns the permits of any call, as far as they are known.
	 */
	long known() {
		return this.constant;
	}

	/**
	 * Returns the permits of a call; zero if it is free.
	 */
	long of(@Nullable Object[] arguments) {
		return (this.expression != null) ? evaluate(this.expression, arguments) : this.constant;
	}

	private static long evaluate(ArgumentExpression expression, @Nullable Object[] arguments) {
		try {
			return expression.permits(arguments);
		}
		catch (RuntimeException ex) {
			expression.failed(ex, "the call takes one permit");
			return 1;
		}
	}

}
