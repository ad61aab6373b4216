package io.ratelimit.spring.expression;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationException;
import org.springframework.expression.spel.SpelEvaluationException;

/**
 * The number of permits that an expression yields: rounded up, so that a part of a permit
 * is one.
 */
final class PermitCount {

	private PermitCount() {
	}

	/**
	 * Returns the permits that an expression always yields.
	 * @param expression the expression
	 * @return the permits; {@code null} if the expression is no constant
	 * @throws IllegalArgumentException if it is a constant that fails, is no number, or
	 * is below zero; the message says which
	 */
	static @Nullable Long constant(CompiledExpression expression) {
		if (!expression.isConstant()) {
			return null;
		}
		try {
			return of(expression.evaluate());
		}
		catch (SpelEvaluationException ex) {
			throw new IllegalArgumentException("it fails: " + ex.getSimpleMessage(), ex);
		}
		catch (EvaluationException ex) {
			String reason = (ex.getCause() != null) ? "it fails: " + ex.getCause().getMessage() : ex.getSimpleMessage();
			throw new IllegalArgumentException(reason, ex);
		}
	}

	/**
	 * Returns the permits that a value stands for.
	 * @param value what an expression yields
	 * @return the permits; zero for what is free
	 * @throws EvaluationException if the value is no number, or below zero
	 */
	static long of(@Nullable Object value) {
		if (!(value instanceof Number number)) {
			throw new EvaluationException(
					(value != null) ? "a %s is no number".formatted(value.getClass().getName()) : "null is no number");
		}
		double exact = number.doubleValue();
		if (Double.isNaN(exact) || exact < 0) {
			throw new EvaluationException(exact < 0 ? "a cost below zero" : "no number");
		}
		return (value instanceof Integer || value instanceof Long) ? number.longValue() : (long) Math.ceil(exact);
	}

}
