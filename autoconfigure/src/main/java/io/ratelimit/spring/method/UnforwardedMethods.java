package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.core.annotation.MergedAnnotations;

/**
 * Methods that run on a proxy, which is a subclass, in place of the bean: final ones, and
 * private ones that Spring calls by reflection. A proxy's fields are empty.
 */
final class UnforwardedMethods {

	private static final Set<String> OF_CONTROLLERS = Set.of("org.springframework.web.bind.annotation.ExceptionHandler",
			"org.springframework.web.bind.annotation.InitBinder",
			"org.springframework.web.bind.annotation.ModelAttribute");

	private UnforwardedMethods() {
	}

	/**
	 * Returns such methods of the application's classes, as far as these have fields, in
	 * alphabetical order.
	 */
	static List<Method> of(Class<?> type) {
		List<Method> found = new ArrayList<>();
		for (Class<?> each = type; each != null && hasFields(each); each = each.getSuperclass()) {
			if (!isOfLibrary(each)) {
				Stream.of(each.getDeclaredMethods()).filter(UnforwardedMethods::runsOnProxy).forEach(found::add);
			}
		}
		found.sort(Comparator.comparing(Declaration::nameOf));
		return found;
	}

	private static boolean hasFields(Class<?> type) {
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			if (Arrays.stream(each.getDeclaredFields()).anyMatch((field) -> !Modifier.isStatic(field.getModifiers()))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isOfLibrary(Class<?> type) {
		return TypeMethods.isOfFramework(type) || type.getName().startsWith("java.");
	}

	private static boolean runsOnProxy(Method method) {
		int modifiers = method.getModifiers();
		if (Modifier.isStatic(modifiers) || method.isSynthetic()) {
			return false;
		}
		return Modifier.isPrivate(modifiers) ? isCalledByReflection(method) : Modifier.isFinal(modifiers);
	}

	private static boolean isCalledByReflection(Method method) {
		return TypeMethods.isHandler(method)
				|| OF_CONTROLLERS.stream().anyMatch(MergedAnnotations.from(method)::isPresent);
	}

}
