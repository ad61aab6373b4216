package io.ratelimit.spring.method;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationException;

/**
 * How many permits a call takes: a constant, or what an expression yields.
 */
final class MethodPermits {

	private final long constant;

	private final @Nullable ArgumentExpression expression;

	MethodPermits(long constant) {
		this.constant = constant;
		this.expression = null;
	}

	MethodPermits(ArgumentExpression expression) {
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
	 * Returns the permits of a call; zero or less if it is free.
	 */
	long of(@Nullable Object[] arguments) {
		return (this.expression != null) ? evaluate(this.expression, arguments) : this.constant;
	}

	private static long evaluate(ArgumentExpression expression, @Nullable Object[] arguments) {
		try {
			Object value = expression.evaluate(arguments);
			if (value instanceof Integer || value instanceof Long) {
				return ((Number) value).longValue();
			}
			if (value instanceof Number number) {
				return (long) Math.ceil(number.doubleValue());
			}
			throw new EvaluationException(
					(value != null) ? "a %s is no number".formatted(value.getClass().getName()) : "null is no number");
		}
		catch (RuntimeException ex) {
			expression.failed(ex, "the call takes one permit");
			return 1;
		}
	}

}
