package io.ratelimit.spring.request;

import java.util.Map;

import io.ratelimit.spring.expression.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * How many permits a request takes: a number, or an expression that yields one.
 */
final class RequestCost {

	private final long constant;

	private final @Nullable RequestExpression expression;

	private RequestCost(long constant, @Nullable RequestExpression expression) {
		this.constant = constant;
		this.expression = expression;
	}

	/**
	 * Reads a cost.
	 * @param capacity the most permits that the policy can ever grant at once
	 * @param requestType type of the server's request
	 * @throws IllegalArgumentException if it is no number within the capacity and no
	 * expression
	 */
	static RequestCost valueOf(String text, String policy, long capacity, Expressions expressions,
			Class<?> requestType) {
		String cost = text.strip();
		if (cost.matches("[+-]?\\d+")) {
			return constant((cost.length() <= 16) ? Long.parseLong(cost) : Long.MAX_VALUE, cost, capacity);
		}
		RequestExpression expression = new RequestExpression(cost, "The cost of policy '" + policy + "':", expressions,
				requestType);
		Long constant = constant(expression, cost);
		return (constant != null) ? constant(constant, "%s (%s)".formatted(cost, constant), capacity)
				: new RequestCost(1, expression);
	}

	private static @Nullable Long constant(RequestExpression expression, String cost) {
		try {
			return expression.constantPermits();
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("a cost of %s: %s".formatted(cost, ex.getMessage()), ex);
		}
	}

	private static RequestCost constant(long permits, String written, long capacity) {
		if (permits < 1) {
			throw new IllegalArgumentException("a cost of %s: it must be at least 1".formatted(written));
		}
		if (permits > capacity) {
			throw new IllegalArgumentException("a cost of %s can never be granted: the limits allow at most %s at once"
				.formatted(written, capacity));
		}
		return new RequestCost(permits, null);
	}

	/**
	 * Returns the permits that a request takes.
	 * @return the permits; zero if it is free
	 */
	long of(LimitedRequest request, Map<String, String> variables) {
		if (this.expression == null) {
			return this.constant;
		}
		return this.expression.permits(request, variables);
	}

	boolean readsParameters() {
		return this.expression != null;
	}

	boolean needsPrincipal() {
		return this.expression != null && this.expression.needsPrincipal();
	}

}
