package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

/**
 * Limited methods that override a method which is not public, and which the superclass
 * calls on the object itself. No proxy is on the way of such calls.
 */
final class TemplateMethods {

	private TemplateMethods() {
	}

	/**
	 * Refuses methods that only a class of Spring or of the container calls.
	 * @param type the class of a bean
	 * @param limited its limited methods
	 * @throws InvalidRateLimitException if there is one
	 */
	static void refuseThoseOfFrameworks(Class<?> type, Map<Method, List<Declaration>> limited) {
		limited.forEach((method, declared) -> {
			Class<?> caller = annotated(declared) ? caller(method, type, true) : null;
			if (caller != null) {
				throw Declaration.invalid(method,
						"it cannot be limited, since %s calls it on the object itself, past the proxy"
							.formatted(caller.getName()),
						"Use a policy with paths, or move the annotation to a method of another bean that this one "
								+ "calls");
			}
		});
	}

	/**
	 * Returns the methods that a superclass of the application may call, in alphabetical
	 * order.
	 */
	static List<Method> of(Class<?> type, Map<Method, List<Declaration>> limited) {
		List<Method> found = new ArrayList<>();
		limited.forEach((method, declared) -> {
			if (annotated(declared) && !Modifier.isPublic(method.getModifiers()) && !TypeMethods.isHandler(method)
					&& caller(method, type, false) != null) {
				found.add(method);
			}
		});
		found.sort(Comparator.comparing(Declaration::nameOf));
		return found;
	}

	/*
	 * What an interface declares is called by others too.
	 */
	private static boolean annotated(List<Declaration> declared) {
		return declared.get(0).element() instanceof Method annotated && !annotated.getDeclaringClass().isInterface();
	}

	private static @Nullable Class<?> caller(Method method, Class<?> type, boolean framework) {
		Class<?> each = method.getDeclaringClass().getSuperclass();
		for (; each != null && each != Object.class; each = each.getSuperclass()) {
			if (TypeMethods.isOfFramework(each) == framework) {
				for (Method declared : each.getDeclaredMethods()) {
					if (isOverridden(declared, method) && Signatures.same(declared, method, type)) {
						return each;
					}
				}
			}
		}
		return null;
	}

	private static boolean isOverridden(Method declared, Method method) {
		int modifiers = declared.getModifiers();
		return Modifier.isProtected(modifiers) || (!Modifier.isPublic(modifiers) && !Modifier.isPrivate(modifiers)
				&& declared.getDeclaringClass().getPackage() == method.getDeclaringClass().getPackage());
	}

}
