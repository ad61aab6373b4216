package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

	private static final int NUMBERED = 2;

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
	 * @param annotated the element that the expression stands on; the parameters' names
	 * there come first, if it is a method
	 * @throws IllegalArgumentException if it could never be evaluated
	 */
	static ArgumentExpression compile(String text, Method method, AnnotatedElement annotated, Expressions expressions) {
		List<List<String>> spellings = spellings(method, annotated);
		List<String> all = spellings.stream().flatMap(List::stream).toList();
		List<Class<?>> types = List.of(method.getParameterTypes());
		CompiledExpression expression;
		try {
			expression = expressions.compile(text, all, spellings.stream().flatMap((names) -> types.stream()).toList());
		}
		catch (IllegalArgumentException ex) {
			boolean nameless = spellings.size() == NUMBERED && !all.isEmpty();
			throw nameless ? new IllegalArgumentException(
					ex.getMessage() + "; the names of the parameters are not in the class file, as it was compiled "
							+ "without -parameters",
					ex) : ex;
		}
		for (List<String> names : spellings) {
			if (names.containsAll(expression.variables())) {
				return new ArgumentExpression(method, expressions.compile(text, names), 1);
			}
		}
		return new ArgumentExpression(method, expression, spellings.size());
	}

	/*
	 * Each spelling names all parameters, in order, so that the arguments of a call are
	 * the values of an expression that keeps to one of them.
	 */
	private static List<List<String>> spellings(Method method, AnnotatedElement annotated) {
		Set<List<String>> spellings = new LinkedHashSet<>();
		if (annotated instanceof Method declared) {
			addNames(declared, spellings);
		}
		addNames(method, spellings);
		int count = method.getParameterCount();
		List<List<String>> all = new ArrayList<>(spellings);
		all.add(IntStream.range(0, count).mapToObj((index) -> "a" + index).toList());
		all.add(IntStream.range(0, count).mapToObj((index) -> "p" + index).toList());
		return all;
	}

	private static void addNames(Method method, Set<List<String>> spellings) {
		@Nullable String @Nullable [] names = discoverer.getParameterNames(method);
		if (names != null) {
			spellings.add(Arrays.stream(names).map((name) -> (name != null) ? name : "").toList());
		}
	}

	/**
	 * Returns the permits that every call takes; {@code null} if they depend on the call.
	 * @throws IllegalArgumentException if the expression can yield no such number
	 */
	@Nullable Long constantPermits() {
		return this.expression.constantPermits();
	}

	/**
	 * Returns the key of a call; {@code null} if its arguments do not say.
	 * @throws EvaluationException if the expression fails, or yields no key
	 */
	@Nullable String key(@Nullable Object[] arguments) {
		return this.expression.key(values(arguments));
	}

	/**
	 * Returns the permits of a call; zero if it is free.
	 * @throws EvaluationException if the expression fails, or yields no such number
	 */
	long permits(@Nullable Object[] arguments) {
		return this.expression.permits(values(arguments));
	}

	private @Nullable Object[] values(@Nullable Object[] arguments) {
		if (this.copies == 1) {
			return arguments;
		}
		@Nullable Object[] values = new Object[arguments.length * this.copies];
		for (int i = 0; i < this.copies; i++) {
			System.arraycopy(arguments, 0, values, i * arguments.length, arguments.length);
		}
		return values;
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

}
