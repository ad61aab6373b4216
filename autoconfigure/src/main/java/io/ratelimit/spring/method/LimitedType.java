package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is declared for a class.
 *
 * @param methods declarations, at least one each, by the most specific method
 * @param sealed final methods of supertypes, which the annotation on the type means and
 * no proxy can intercept
 * @param declared the annotation on the type; {@code null} if there is none or it lifts a
 * limit
 */
record LimitedType(Map<Method, List<Declaration>> methods, List<Method> sealed, @Nullable Declaration declared) {

	/** Nothing is declared. */
	static final LimitedType NONE = new LimitedType(Map.of(), List.of(), null);

	LimitedType {
		methods = methods.isEmpty() ? Map.of() : methods;
		sealed = List.copyOf(sealed);
	}

	boolean isEmpty() {
		return this.methods.isEmpty() && this.sealed.isEmpty() && this.declared == null;
	}

}
