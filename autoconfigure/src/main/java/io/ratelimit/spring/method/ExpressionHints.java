package io.ratelimit.spring.method;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;

/**
 * Registers what the expressions of annotated methods reach by reflection in a native
 * image: their arguments with what those consist of, and the beans that they name.
 */
final class ExpressionHints implements BeanRegistrationAotProcessor {

	/** Also finds what only looks like a reference, which costs nothing. */
	private static final Pattern BEAN = Pattern.compile("@(\\w+|'[^']+')");

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Set<Type> arguments = new LinkedHashSet<>();
		Set<Class<?>> targets = new LinkedHashSet<>();
		new Declarations().of(bean.getBeanClass()).forEach((method, declarations) -> {
			for (Declaration declaration : declarations) {
				String expressions = declaration.key() + ' ' + declaration.cost();
				if (expressions.indexOf('#') >= 0) {
					arguments.addAll(List.of(method.getGenericParameterTypes()));
					targets.addAll(List.of(method.getParameterTypes()));
				}
				targets.addAll(beans(expressions, bean.getBeanFactory()));
			}
		});
		return targets.isEmpty() ? null
				: (context, code) -> register(context.getRuntimeHints().reflection(), arguments, targets);
	}

	private static List<Class<?>> beans(String expressions, BeanFactory beans) {
		List<Class<?>> types = new ArrayList<>();
		for (Matcher reference = BEAN.matcher(expressions); reference.find();) {
			String name = reference.group(1).replace("'", "");
			Class<?> type = beans.containsBean(name) ? beans.getType(name) : null;
			if (type != null) {
				types.add(type);
			}
		}
		return types;
	}

	private static void register(ReflectionHints hints, Set<Type> arguments, Set<Class<?>> targets) {
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints, arguments.toArray(Type[]::new));
		targets.forEach((type) -> hints.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS));
	}

}
