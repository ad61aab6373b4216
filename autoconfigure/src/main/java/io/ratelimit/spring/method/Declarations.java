package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ratelimit.annotation.RateLimited;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What is declared for the methods of each class. The nearest element that carries an
 * annotation counts, and it alone: the method, then the methods that it overrides or
 * implements, then the type, then its supertypes.
 */
final class Declarations {

	private final Map<Class<?>, Map<Method, List<Declaration>>> classes = new ConcurrentHashMap<>();

	/**
	 * Returns the limited methods of a class.
	 * @param type the class of a bean, which may be generated
	 * @return declarations, at least one, by the most specific method
	 */
	Map<Method, List<Declaration>> of(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		Map<Method, List<Declaration>> known = this.classes.get(userType);
		if (known == null) {
			known = find(userType);
			this.classes.put(userType, known);
		}
		return known;
	}

	/**
	 * Returns the method that really runs, which is what {@link #of(Class)} lists.
	 */
	static Method specific(Method method, Class<?> type) {
		return Proxy.isProxyClass(type) ? method
				: AopUtils.getMostSpecificMethod(method, ClassUtils.getUserClass(type));
	}

	private static Map<Method, List<Declaration>> find(Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, RateLimited.class)) {
			return Map.of();
		}
		List<Declaration> ofType = nearest(MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY));
		List<Method> ofInterfaces = ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.flatMap((each) -> Arrays.stream(each.getMethods()))
			.filter((method) -> annotations(method).isPresent(RateLimited.class))
			.toList();
		Map<Method, List<Declaration>> limited = MethodIntrospector.selectMethods(type, (Method method) -> {
			List<Declaration> found = nearest(annotations(method));
			if (found.isEmpty()) {
				found = implemented(method, type, ofInterfaces);
			}
			if (found.isEmpty() && !ofType.isEmpty() && belongsToType(method)) {
				found = ofType;
			}
			return (found.isEmpty() || found.get(0).disabled()) ? null : found;
		});
		return limited.isEmpty() ? Map.of() : limited;
	}

	/*
	 * A method may implement an interface that its own class does not know of, because
	 * only a subclass declares it.
	 */
	private static List<Declaration> implemented(Method method, Class<?> type, List<Method> ofInterfaces) {
		for (Method declared : ofInterfaces) {
			if (Modifier.isPublic(method.getModifiers()) && sameSignature(declared, method, type)) {
				return nearest(annotations(declared));
			}
		}
		return List.of();
	}

	private static boolean sameSignature(Method declared, Method method, Class<?> type) {
		Class<?>[] parameters = method.getParameterTypes();
		boolean same = declared.getName().equals(method.getName()) && declared.getParameterCount() == parameters.length;
		for (int i = 0; same && i < parameters.length; i++) {
			same = ResolvableType.forMethodParameter(declared, i, type).toClass() == parameters[i];
		}
		return same;
	}

	/*
	 * What stands on a type means the methods that others can call on the bean: neither
	 * those of every object nor what Spring's own base classes have sealed.
	 */
	private static boolean belongsToType(Method method) {
		int modifiers = method.getModifiers();
		boolean sealed = Modifier.isFinal(modifiers)
				&& method.getDeclaringClass().getName().startsWith("org.springframework.");
		return !Modifier.isPrivate(modifiers) && !Modifier.isStatic(modifiers) && !sealed
				&& ReflectionUtils.findMethod(Object.class, method.getName(), method.getParameterTypes()) == null;
	}

	private static MergedAnnotations annotations(Method method) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
	}

	private static List<Declaration> nearest(MergedAnnotations annotations) {
		if (!annotations.isPresent(RateLimited.class)) {
			return List.of();
		}
		List<Declaration> declarations = new ArrayList<>();
		for (MergedAnnotation<RateLimited> annotation : annotations.stream(RateLimited.class).toList()) {
			AnnotatedElement element = (AnnotatedElement) annotation.getSource();
			if (element != null && (declarations.isEmpty() || declarations.get(0).element().equals(element))) {
				declarations.add(Declaration.of(element, declarations.size(), annotation));
			}
		}
		if (declarations.size() > 1 && declarations.stream().anyMatch(Declaration::disabled)) {
			throw declarations.get(0)
				.invalid("@RateLimited has disabled = true beside another @RateLimited", "Leave one of them out", null);
		}
		return List.copyOf(declarations);
	}

}
