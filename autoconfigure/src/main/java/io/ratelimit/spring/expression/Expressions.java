package io.ratelimit.spring.expression;

import java.util.Collections;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.NativeDetector;
import org.springframework.expression.ExpressionException;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.expression.spel.support.StandardTypeLocator;
import org.springframework.util.ClassUtils;

/**
 * Parses expressions once, and refuses those that could never work. Safe for use by many
 * threads.
 */
public final class Expressions {

	private static final int LONGEST_QUOTE = 200;

	private final @Nullable BeanFactory beans;

	private final StandardEvaluationContext shared = new StandardEvaluationContext();

	private final SpelExpressionParser parser;

	/**
	 * Creates a parser.
	 * @param beans where {@code @bean} references are looked up; {@code null} if there
	 * are none
	 */
	public Expressions(@Nullable BeanFactory beans) {
		this.beans = beans;
		ClassLoader classLoader = (beans instanceof ConfigurableBeanFactory configurable)
				? configurable.getBeanClassLoader() : ClassUtils.getDefaultClassLoader();
		this.parser = new SpelExpressionParser(new SpelParserConfiguration(compilerMode(), classLoader));
		this.shared.setTypeLocator(new StandardTypeLocator(classLoader));
		if (beans != null) {
			this.shared.setBeanResolver(new BeanFactoryResolver(beans));
		}
	}

	/**
	 * Parses and checks an expression.
	 * @param text the expression
	 * @param names the variables that it may use, in the order of the values given at
	 * evaluation
	 * @return the expression, ready for use
	 * @throws IllegalArgumentException if the text does not parse, uses a variable that
	 * is not among the names or a bean that does not exist, assigns, or starts from
	 * something else than a variable, a bean, a type or a literal; the message quotes the
	 * text
	 */
	public CompiledExpression compile(String text, List<String> names) {
		return compile(text, names, Collections.nCopies(names.size(), Object.class));
	}

	/**
	 * Parses and checks an expression.
	 * @param text the expression
	 * @param names the variables that it may use, in the order of the values given at
	 * evaluation
	 * @param types the types of the variables; {@code Object} where nothing is known
	 * @return the expression, ready for use
	 * @throws IllegalArgumentException as {@linkplain #compile(String, List) without
	 * types}, and if a type is known not to have a member
	 */
	public CompiledExpression compile(String text, List<String> names, List<? extends Class<?>> types) {
		String stripped = text.strip();
		int index = stripped.startsWith("#") ? names.indexOf(stripped.substring(1)) : -1;
		if (index >= 0) {
			return new CompiledExpression(text, Set.of(names.get(index)), index, null, this.shared);
		}
		try {
			ExpressionCheck check = new ExpressionCheck(text, names, types, this.beans);
			SpelExpression expression = parse(text, stripped);
			Set<String> used = check.variables(expression.getAST());
			String[] interned = names.stream().map(String::intern).toArray(String[]::new);
			return new CompiledExpression(text, used, -1,
					new CompiledExpression.Spel(expression, interned, check.isConstant()), this.shared);
		}
		catch (StackOverflowError ex) {
			throw new IllegalArgumentException(
					"'%s' is not an expression: it is nested too deep".formatted(quoted(text)));
		}
	}

	/**
	 * Returns a value of a key in the form in which it cannot be mistaken for a hash or
	 * for the key of another alternative.
	 * @param value the value
	 * @return the value, with one more tilde if it begins with one
	 */
	public static String escapedKey(String value) {
		return KeyText.escaped(value);
	}

	/**
	 * Returns a key of bounded length.
	 * @param key the key
	 * @return the key, or its hash if it is longer than 128 characters
	 */
	public static String boundedKey(String key) {
		return KeyText.bounded(key);
	}

	/*
	 * What is compiled is a class that is made at run time, and a native image cannot
	 * load one.
	 */
	private static SpelCompilerMode compilerMode() {
		return NativeDetector.inNativeImage() ? SpelCompilerMode.OFF : SpelCompilerMode.MIXED;
	}

	private SpelExpression parse(String text, String stripped) {
		try {
			return this.parser.parseRaw(stripped);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("'%s' is not an expression: %s".formatted(quoted(text), reason(ex)), ex);
		}
	}

	/**
	 * Returns why the parser refuses a text. Some texts, such as {@code 1e}, it does not
	 * refuse but fails at, by an exception that says nothing.
	 */
	private static @Nullable String reason(RuntimeException failure) {
		if (failure instanceof ParseException parse) {
			return parse.getSimpleMessage();
		}
		boolean says = failure instanceof ExpressionException || failure instanceof IllegalArgumentException
				|| failure instanceof IllegalStateException;
		return says ? failure.getMessage() : "it cannot be read as an expression of Spring";
	}

	private static String quoted(String text) {
		return (text.length() <= LONGEST_QUOTE) ? text : text.substring(0, LONGEST_QUOTE) + "...";
	}

}
