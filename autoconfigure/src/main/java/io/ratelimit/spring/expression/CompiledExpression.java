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
	 * Returns the variables that the expression uses.
	 * @return their names
	 */
	public Set<String> variables() {
		return this.variables;
	}

	/**
	 * Returns whether the expression is made of nothing but literals and operators, and
	 * has the same value whenever it is evaluated.
	 * @return whether it is a constant
	 */
	public boolean isConstant() {
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
