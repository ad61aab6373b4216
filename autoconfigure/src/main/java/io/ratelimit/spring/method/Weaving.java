package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.aspectj.Woven;
import io.ratelimit.spring.policy.InvalidRateLimitException;

/**
 * Whether the limited methods of a class are advised by the aspect.
 */
final class Weaving {

	private static final String PROXIES = "remove ratelimit.method.mode=aspectj to have methods limited by proxies";

	private Weaving() {
	}

	static boolean isWoven(Method method) {
		return !Modifier.isAbstract(method.getModifiers()) && method.isAnnotationPresent(Woven.class);
	}

	/**
	 * Stops the start if a method is not woven.
	 * @param limited limited methods
	 * @throws InvalidRateLimitException if one of them is not woven
	 */
	static void require(Map<Method, List<Declaration>> limited) {
		limited.forEach((method, declared) -> {
			if (!isWoven(method)) {
				throw refusal(method, declared.get(0).element());
			}
		});
	}

	private static InvalidRateLimitException refusal(Method method, AnnotatedElement annotated) {
		if (Modifier.isAbstract(method.getModifiers())) {
			return Declaration.invalid(method,
					"its calls cannot be limited by the aspect, since what implements it is generated, and no weaver sees that",
					"Move the annotation to a method of a class that calls this one, or " + PROXIES);
		}
		if (!isSeen(method, annotated)) {
			return Declaration.invalid(method,
					"it is limited by the annotation on %s, which no weaver looks for there"
						.formatted(Declaration.nameOf(annotated)),
					"Repeat the annotation on the method or on its class, or " + PROXIES);
		}
		return Declaration.invalid(method,
				"it is not woven, and its calls would not be limited (ratelimit.method.mode is aspectj)",
				"Start Java with -javaagent:aspectjweaver.jar, and let no aop.xml exclude the class; or compile the class with the AspectJ compiler and ratelimit-aspects on its aspect path; or "
						+ PROXIES);
	}

	/*
	 * The annotation is inherited from a superclass, composed ones are not.
	 */
	private static boolean isSeen(Method method, AnnotatedElement annotated) {
		Class<?> declaring = method.getDeclaringClass();
		return annotated.equals(method) || annotated.equals(declaring)
				|| declaring.isAnnotationPresent(RateLimited.class)
				|| declaring.isAnnotationPresent(RateLimited.List.class);
	}

}
