package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.ratelimit.spring.expression.CompiledExpression;
import io.ratelimit.spring.expression.Expressions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.spel.SpelEvaluationException;

/**
 * An expression over the arguments of a call, by the names of the parameters or as
 * {@code #a0} and {@code #p0}.
 */
final class ArgumentExpression {

	private static final Logger logger = LoggerFactory.getLogger(RateLimitedAdvisor.class);

	private static final ParameterNameDiscoverer discoverer = new DefaultParameterNameDiscoverer();

	private final Method method;

	private final CompiledExpression expression;

	private final int copies;

	private final AtomicBoolean warned = new AtomicBoolean();

	private ArgumentExpression(Method method, CompiledExpression expression, int copies) {
		this.method = method;
		this.expression = expression;
		this.copies = copies;
	}

	/**
	 * Compiles an expression.
	 * @param text the expression
	 * @param method the method that runs
	 * @param declared methods that it overrides, which may know the parameters' names
	 * where it does not
	 * @throws IllegalArgumentException if it could never be evaluated
	 */
	static ArgumentExpression compile(String text, Method method, List<Method> declared, Expressions expressions) {
		int count = method.getParameterCount();
		List<String> parameters = names(method, declared);
		List<List<String>> spellings = List.of(parameters,
				IntStream.range(0, count).mapToObj((index) -> "a" + index).toList(),
				IntStream.range(0, count).mapToObj((index) -> "p" + index).toList());
		List<String> all = new ArrayList<>();
		spellings.forEach(all::addAll);
		CompiledExpression expression;
		try {
			expression = expressions.compile(text, all);
		}
		catch (IllegalArgumentException ex) {
			boolean nameless = parameters.isEmpty() && count > 0;
			throw nameless ? new IllegalArgumentException(
					ex.getMessage() + "; the names of the parameters are not in the class file, as it was compiled "
							+ "without -parameters",
					ex) : ex;
		}
		for (List<String> names : spellings) {
			if (names.size() == count && names.containsAll(expression.variables())) {
				return new ArgumentExpression(method, expressions.compile(text, names), 1);
			}
		}
		return new ArgumentExpression(method, expression, all.size() / count);
	}

	@Nullable Object evaluate(@Nullable Object[] arguments) {
		if (this.copies == 1) {
			return this.expression.evaluate(arguments);
		}
		@Nullable Object[] values = new Object[arguments.length * this.copies];
		for (int i = 0; i < this.copies; i++) {
			System.arraycopy(arguments, 0, values, i * arguments.length, arguments.length);
		}
		return this.expression.evaluate(values);
	}

	/**
	 * Logs, the first time, that the expression has failed; never what it worked on.
	 */
	void failed(RuntimeException failure, String consequence) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("{}: the expression \"{}\" fails ({}), and {}; this is logged once",
					Declaration.nameOf(this.method), this.expression.text(), reason(failure), consequence);
		}
	}

	private static String reason(RuntimeException failure) {
		if (failure instanceof SpelEvaluationException spel) {
			return spel.getMessageCode().name();
		}
		String message = (failure.getClass() == EvaluationException.class) ? failure.getMessage() : null;
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

	private static List<String> names(Method method, List<Method> declared) {
		List<Method> candidates = new ArrayList<>(declared);
		candidates.add(0, method);
		return candidates.stream()
			.map(discoverer::getParameterNames)
			.filter(Objects::nonNull)
			.findFirst()
			.map(Arrays::asList)
			.orElse(List.of());
	}

}
