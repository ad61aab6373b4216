package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ratelimit.annotation.RateLimited;

import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What is declared for the methods of each class. The nearest element that carries an
 * annotation counts, and it alone: the method, then the methods that it overrides or
 * implements, then the type, then its supertypes.
 */
final class Declarations {

	private final Map<Class<?>, LimitedType> types = new ConcurrentHashMap<>();

	private final Map<Class<?>, Boolean> annotated = new ConcurrentHashMap<>();

	/**
	 * Returns the limited methods of a class.
	 * @param type the class of a bean, which may be generated
	 * @return declarations, at least one, by the most specific method
	 */
	Map<Method, List<Declaration>> of(Class<?> type) {
		return type(type).methods();
	}

	/**
	 * Returns what is declared for a class.
	 * @param type the class of a bean, which may be generated
	 */
	LimitedType type(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		LimitedType known = this.types.get(userType);
		if (known == null) {
			known = mayBeLimited(userType) ? find(userType) : LimitedType.NONE;
			this.types.put(userType, known);
		}
		return known;
	}

	/**
	 * Returns the method that really runs, which is what {@link #of(Class)} lists. The
	 * class of a JDK proxy has no methods that run, and the most specific one of its
	 * interfaces stands for them.
	 */
	static Method specific(Method method, Class<?> type) {
		if (!Proxy.isProxyClass(type)) {
			return AopUtils.getMostSpecificMethod(method, ClassUtils.getUserClass(type));
		}
		Method specific = BridgeMethodResolver.findBridgedMethod(method);
		for (Class<?> each : Supertypes.of(type)) {
			if (each != specific.getDeclaringClass() && specific.getDeclaringClass().isAssignableFrom(each)) {
				for (Method redeclared : each.getDeclaredMethods()) {
					if (!redeclared.isBridge() && Signatures.same(specific, redeclared, each)) {
						specific = redeclared;
						break;
					}
				}
			}
		}
		return specific;
	}

	/*
	 * Almost no bean of an application is limited, and many have the same supertypes. So
	 * each class is looked at once, by itself, before methods are compared.
	 */
	private boolean mayBeLimited(Class<?> type) {
		if (isAnnotated(type)) {
			return true;
		}
		for (Class<?> each : Supertypes.of(type)) {
			if (isAnnotated(each)) {
				return true;
			}
		}
		return false;
	}

	private boolean isAnnotated(Class<?> type) {
		Boolean known = this.annotated.get(type);
		if (known == null) {
			known = AnnotationUtils.isCandidateClass(type, RateLimited.class) && !isOfSpring(type)
					&& (carries(type) || anyCarries(ReflectionUtils.getDeclaredMethods(type)));
			this.annotated.put(type, known);
		}
		return known;
	}

	/*
	 * To look at the methods of Spring's own beans takes part of the start. Spring tells
	 * them from others in the same way, to look for listeners of events.
	 */
	private static boolean isOfSpring(Class<?> type) {
		return type.getName().startsWith("org.springframework.")
				&& !type.getName().startsWith("org.springframework.samples.")
				&& !AnnotatedElementUtils.isAnnotated(type, Component.class);
	}

	private static boolean anyCarries(Method[] methods) {
		for (Method method : methods) {
			if (carries(method)) {
				return true;
			}
		}
		return false;
	}

	private static boolean carries(AnnotatedElement element) {
		return element.getDeclaredAnnotations().length > 0
				&& MergedAnnotations.from(element).isPresent(RateLimited.class);
	}

	private static LimitedType find(Class<?> type) {
		List<Declaration> ofType = nearest(MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY));
		List<Method> ofInterfaces = ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.flatMap((each) -> Arrays.stream(each.getMethods()))
			.filter((method) -> annotations(method).isPresent(RateLimited.class))
			.toList();
		List<Method> sealed = new ArrayList<>();
		Map<Method, List<Declaration>> limited = new LinkedHashMap<>();
		MethodIntrospector.selectMethods(type, (Method method) -> {
			List<Declaration> found = find(method, type, ofType, ofInterfaces);
			return found.isEmpty() ? null : found;
		}).forEach((method, found) -> {
			Method specific = specific(method, type);
			List<Declaration> declared = specific.equals(method) ? found : find(specific, type, ofType, ofInterfaces);
			if (!declared.isEmpty() && !limited.containsKey(specific)) {
				if (TypeMethods.isSealed(specific, declared.get(0))) {
					sealed.add(specific);
				}
				else {
					limited.put(specific, declared);
				}
			}
		});
		Declaration declared = (ofType.isEmpty() || ofType.get(0).disabled()) ? null : ofType.get(0);
		return (limited.isEmpty() && sealed.isEmpty() && declared == null) ? LimitedType.NONE
				: new LimitedType(limited, sealed, declared);
	}

	/*
	 * Empty also where a limit is lifted.
	 */
	private static List<Declaration> find(Method method, Class<?> type, List<Declaration> ofType,
			List<Method> ofInterfaces) {
		List<Declaration> found = nearest(annotations(method));
		if (found.isEmpty()) {
			found = implemented(method, type, ofInterfaces);
		}
		if (!found.isEmpty()) {
			requireNoFactory(method);
		}
		else if (!ofType.isEmpty() && TypeMethods.include(method, type)) {
			found = ofType;
		}
		return (found.isEmpty() || found.get(0).disabled()) ? List.of() : found;
	}

	/*
	 * A method may implement an interface that its own class does not know of, because
	 * only a subclass declares it.
	 */
	private static List<Declaration> implemented(Method method, Class<?> type, List<Method> ofInterfaces) {
		for (Method declared : ofInterfaces) {
			if (Modifier.isPublic(method.getModifiers()) && Signatures.same(declared, method, type)) {
				return nearest(annotations(declared));
			}
		}
		return List.of();
	}

	private static void requireNoFactory(Method method) {
		if (annotations(method).isPresent(Bean.class)) {
			throw Declaration.invalid(method,
					"@RateLimited on a @Bean method would limit the creation of the bean, not the calls of its methods",
					"Put the annotation on the class of the bean, on its interface or on their methods; where they are "
							+ "not yours, on a method of yours that calls them");
		}
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
