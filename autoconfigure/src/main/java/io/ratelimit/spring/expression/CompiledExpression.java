package io.ratelimit.spring.expression;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * An expression that has been parsed and checked. Safe for use by many threads.
 */
public final class CompiledExpression {

	private final String text;

	private final Set<String> variables;

	private final int index;

	private final @Nullable Spel spel;

	private final EvaluationContext shared;

	CompiledExpression(String text, Set<String> variables, int index, @Nullable Spel spel, EvaluationContext shared) {
		this.text = text;
		this.variables = Set.copyOf(variables);
		this.index = index;
		this.spel = spel;
		this.shared = shared;
	}

	/**
	 * Evaluates the expression.
	 * @param values the values of the variables, by the position of their names
	 * @return the result
	 * @throws EvaluationException if the expression fails, whatever the cause
	 */
	public @Nullable Object evaluate(@Nullable Object... values) {
		Spel spel = this.spel;
		if (spel == null) {
			return values[this.index];
		}
		try {
			return spel.expression().getValue(new VariablesContext(this.shared, spel.names(), values));
		}
		catch (EvaluationException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new EvaluationException("'%s' threw %s".formatted(this.text, ex.getClass().getSimpleName()), ex);
		}
	}

	/**
	 * Evaluates the expression as a key.
	 * @param values the values of the variables, by the position of their names
	 * @return the key, which begins with a single tilde only if it is a hash;
	 * {@code null} if the result says nothing
	 * @throws EvaluationException if the expression fails, or the text of the result
	 * would tell one object from another instead of one caller from another
	 */
	public @Nullable String key(@Nullable Object... values) {
		return KeyText.of(evaluate(values));
	}

	/**
	 * Evaluates the expression as a number of permits, rounded up.
	 * @param values the values of the variables, by the position of their names
	 * @return the permits; zero for what is free
	 * @throws EvaluationException if the expression fails, or the result is no number or
	 * below zero
	 */
	public long permits(@Nullable Object... values) {
		return PermitCount.of(evaluate(values));
	}

	/**
	 * Returns the permits that the expression always yields.
	 * @return the permits; {@code null} if the expression is no constant
	 * @throws IllegalArgumentException if it is a constant that fails, is no number, or
	 * is below zero; the message says which
	 */
	public @Nullable Long constantPermits() {
		return PermitCount.constant(this);
	}

	/**
	 * Returns the variables that the expression uses.
	 * @return their names
	 */
	public Set<String> variables() {
		return this.variables;
	}

	/**
	 * Returns whether the expression is made of nothing but literals and operators, and
	 * has the same value whenever it is evaluated.
	 */
	boolean isConstant() {
		return this.spel != null && this.spel.constant();
	}

	/**
	 * Returns the expression as it was written.
	 * @return the text
	 */
	public String text() {
		return this.text;
	}

	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * What is more than a single variable.
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Spel(SpelExpression expression, String[] names, boolean constant) {
	}

}
