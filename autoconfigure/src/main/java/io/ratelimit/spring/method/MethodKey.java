package io.ratelimit.spring.method;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The key that a call counts by: what an expression yields, or else what the context
 * says.
 */
final class MethodKey {

	private static final String FALLBACK = "~fallback~";

	private final @Nullable ArgumentExpression expression;

	private final Supplier<@Nullable String> context;

	/**
	 * Creates a key.
	 * @param expression the expression; {@code null} if the context alone counts
	 * @param context what counts where there is no expression or it yields nothing
	 */
	MethodKey(@Nullable ArgumentExpression expression, Supplier<@Nullable String> context) {
		this.expression = expression;
		this.context = context;
	}

	/**
	 * Returns the key of a call, or {@code null} if it is not to be limited.
	 */
	@Nullable String of(@Nullable Object[] arguments) {
		if (this.expression == null) {
			return this.context.get();
		}
		String key = evaluate(this.expression, arguments);
		if (key != null) {
			return key;
		}
		String fallback = this.context.get();
		return (fallback != null) ? FALLBACK + fallback : null;
	}

	private static @Nullable String evaluate(ArgumentExpression expression, @Nullable Object[] arguments) {
		try {
			return expression.key(arguments);
		}
		catch (RuntimeException ex) {
			expression.failed(ex, "the policy's own key is counted instead");
			return null;
		}
	}

}
