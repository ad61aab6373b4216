package io.ratelimit.spring.method;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a class extends and implements.
 */
final class Supertypes {

	private Supertypes() {
	}

	/**
	 * Returns the superclasses of a class, and all interfaces of it and of them.
	 */
	static Set<Class<?>> of(Class<?> type) {
		Set<Class<?>> supertypes = new LinkedHashSet<>();
		addOf(type, supertypes);
		return supertypes;
	}

	private static void addOf(Class<?> type, Set<Class<?>> supertypes) {
		for (Class<?> each : type.getInterfaces()) {
			if (supertypes.add(each)) {
				addOf(each, supertypes);
			}
		}
		Class<?> superclass = type.getSuperclass();
		if (superclass != null && superclass != Object.class && supertypes.add(superclass)) {
			addOf(superclass, supertypes);
		}
	}

}
