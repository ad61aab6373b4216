package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.function.Supplier;

import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the key and the cost of annotations, and refuses what cannot work.
 */
final class ClaimReader {

	private static final String EXPRESSION_ACTION = "Use the names of the method's parameters, or #a0, #a1 and so on "
			+ "for the first, the second and so on";

	private static final int LONGEST_NUMBER = 18;

	private final Supplier<? extends CallContext> context;

	private final Supplier<Expressions> expressions;

	ClaimReader(Supplier<? extends CallContext> context, Supplier<Expressions> expressions) {
		this.context = context;
		this.expressions = expressions;
	}

	/**
	 * Returns where a claim of each call comes from.
	 * @param method the method that runs
	 * @param type the class of the bean
	 * @param limiter the limiter of the annotation's policy
	 * @throws InvalidRateLimitException if key or cost cannot be used
	 */
	ClaimSource source(Declaration declaration, Method method, Class<?> type, Limiter limiter) {
		return new ClaimSource(declaration, declaration.isInheritedBy(type), limiter,
				key(declaration, method, limiter.policy().name()), cost(declaration, method, limiter.policy()));
	}

	private MethodKey key(Declaration declaration, Method method, String policy) {
		String key = declaration.key();
		boolean expression = key.startsWith("#");
		try {
			CallContext calls = this.context.get();
			Supplier<@Nullable String> context = expression ? calls.keyWhenMissing(policy)
					: calls.key(policy, key.isEmpty() ? null : key);
			return new MethodKey(expression ? expression(key, declaration, method) : null, context);
		}
		catch (IllegalArgumentException ex) {
			throw Declaration
				.invalid(method, "key = \"%s\": %s".formatted(key, ex.getMessage()),
						expression ? EXPRESSION_ACTION
								: "Correct the key; what begins with # is an expression over the method's parameters",
						ex);
		}
	}

	private MethodCost cost(Declaration declaration, Method method, Policy policy) {
		String cost = declaration.cost();
		if (cost.isEmpty()) {
			return new MethodCost(1);
		}
		Long number = number(cost);
		if (number != null) {
			return constant(number, "cost = \"%s\"".formatted(cost), method, policy);
		}
		ArgumentExpression expression;
		try {
			expression = expression(cost, declaration, method);
		}
		catch (IllegalArgumentException ex) {
			throw Declaration.invalid(method, "cost = \"%s\": %s".formatted(cost, ex.getMessage()), EXPRESSION_ACTION,
					ex);
		}
		Long constant = constant(expression, cost, method);
		return (constant != null) ? constant(constant, "cost = \"%s\" is %s".formatted(cost, constant), method, policy)
				: new MethodCost(expression);
	}

	private static @Nullable Long constant(ArgumentExpression expression, String cost, Method method) {
		try {
			return expression.constantPermits();
		}
		catch (IllegalArgumentException ex) {
			throw Declaration.invalid(method, "cost = \"%s\": %s".formatted(cost, ex.getMessage()),
					"Write a number, or an expression that yields one, as in #items.size()", ex);
		}
	}

	private static MethodCost constant(long permits, String written, Method method, Policy policy) {
		long capacity = policy.capacity();
		if (permits < 1 || permits > capacity) {
			throw Declaration.invalid(method, "%s: a call can take at least 1 and at most %s, as policy '%s' is %s"
				.formatted(written, capacity, policy.name(), policy.limits()),
					"Take fewer permits, or raise the limit");
		}
		return new MethodCost(permits);
	}

	private ArgumentExpression expression(String text, Declaration declaration, Method method) {
		return ArgumentExpression.compile(text, method, declaration.element(), this.expressions.get());
	}

	private static @Nullable Long number(String text) {
		if (!text.matches("[+-]?\\d+")) {
			return null;
		}
		return (text.length() <= LONGEST_NUMBER) ? Long.parseLong(text) : Long.MAX_VALUE;
	}

}
