package io.ratelimit.spring.method;

import java.lang.reflect.Method;

import org.springframework.core.ResolvableType;

/**
 * Compares methods by name and parameters, with type variables resolved.
 */
final class Signatures {

	private Signatures() {
	}

	/**
	 * Returns whether a method overrides or implements another one.
	 * @param declared the other method
	 * @param method the method
	 * @param type a class that has both of them
	 */
	static boolean same(Method declared, Method method, Class<?> type) {
		Class<?>[] parameters = method.getParameterTypes();
		boolean same = declared.getName().equals(method.getName()) && declared.getParameterCount() == parameters.length;
		for (int i = 0; same && i < parameters.length; i++) {
			same = ResolvableType.forMethodParameter(declared, i, type).toClass() == parameters[i];
		}
		return same;
	}

}
