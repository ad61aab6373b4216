package io.ratelimit.spring.expression;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Looks for members that a type does not have. Only types whose objects have no others
 * are looked at: final ones, those of servlets, and maps.
 */
final class MemberCheck {

	private MemberCheck() {
	}

	/**
	 * Returns what is wrong with a chain of members, or {@code null} if nothing is known
	 * to be.
	 * @param chain what the chain begins with, and its members
	 * @param start type of what it begins with
	 */
	static @Nullable String problem(SpelNode chain, Class<?> start) {
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(start);
		for (int i = 1; i < chain.getChildCount(); i++) {
			SpelNode member = chain.getChild(i);
			boolean call = member instanceof MethodReference;
			if (!isClosed(type) || (!call && !(member instanceof PropertyOrFieldReference))) {
				return null;
			}
			List<Method> methods = (member instanceof MethodReference reference)
					? methods(type, reference.getName(), reference.getChildCount())
					: getters(type, ((PropertyOrFieldReference) member).getName());
			if (methods.isEmpty() && !(member instanceof PropertyOrFieldReference field && hasField(type, field))) {
				return missing(type, member);
			}
			Set<Class<?>> types = methods.stream().map(Method::getReturnType).collect(Collectors.toSet());
			if (types.size() != 1) {
				return null;
			}
			type = ClassUtils.resolvePrimitiveIfNecessary(types.iterator().next());
		}
		return null;
	}

	private static boolean isClosed(Class<?> type) {
		return (Modifier.isFinal(type.getModifiers()) && type != Optional.class)
				|| type.getName().startsWith("jakarta.servlet.") || type == Map.class;
	}

	private static List<Method> methods(Class<?> type, String name, int arguments) {
		return Arrays.stream(all(type))
			.filter((method) -> method.getName().equals(name) && (method.getParameterCount() == arguments
					|| (method.isVarArgs() && method.getParameterCount() <= arguments + 1)))
			.toList();
	}

	private static List<Method> getters(Class<?> type, String property) {
		Set<String> names = Set.of("get" + StringUtils.capitalize(property), "is" + StringUtils.capitalize(property),
				"get" + property, "is" + property, property);
		return Arrays.stream(all(type))
			.filter((method) -> method.getParameterCount() == 0 && names.contains(method.getName()))
			.toList();
	}

	private static Method[] all(Class<?> type) {
		return type.isInterface() ? concat(type.getMethods(), Object.class.getMethods()) : type.getMethods();
	}

	private static Method[] concat(Method[] one, Method[] other) {
		Method[] all = Arrays.copyOf(one, one.length + other.length);
		System.arraycopy(other, 0, all, one.length, other.length);
		return all;
	}

	private static boolean hasField(Class<?> type, PropertyOrFieldReference reference) {
		return type.isArray()
				|| Arrays.stream(type.getFields()).anyMatch((field) -> field.getName().equals(reference.getName()));
	}

	private static String missing(Class<?> type, SpelNode member) {
		if (member instanceof MethodReference reference) {
			boolean known = Arrays.stream(all(type)).anyMatch((method) -> method.getName().equals(reference.getName()));
			return known
					? "%s of %s does not take %s arguments".formatted(reference.getName(), type.getSimpleName(),
							reference.getChildCount())
					: "%s has no method '%s'".formatted(type.getSimpleName(), reference.getName());
		}
		String name = ((PropertyOrFieldReference) member).getName();
		return (type == Map.class) ? "an entry of a map is written in brackets: ['%s']".formatted(name)
				: "%s has no property '%s'".formatted(type.getSimpleName(), name);
	}

}
