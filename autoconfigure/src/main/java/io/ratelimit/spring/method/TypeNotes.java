package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings about classes that are limited less than their annotations suggest.
 */
final class TypeNotes {

	private static final Logger logger = LoggerFactory.getLogger(RateLimitedAdvisor.class);

	private TypeNotes() {
	}

	/**
	 * Logs what is not limited of a class.
	 */
	static void log(Class<?> type, LimitedType limited) {
		if (!limited.sealed().isEmpty()) {
			logger.warn("{} carries @RateLimited, and these methods of its supertypes are not limited, as they are "
					+ "final: {}", type.getName(), names(limited.sealed()));
		}
		else if (limited.methods().isEmpty() && limited.declared() != null) {
			logger.warn("{} carries @RateLimited, and none of its methods is limited by it: they are private or "
					+ "static, or Spring calls them. Put the annotation on a method, or on the bean that is called",
					type.getName());
		}
	}

	/**
	 * Logs which calls pass by the proxy of a class, or do not work on it.
	 * @param unforwarded the methods that run on the proxy
	 */
	static void logPassedBy(Class<?> type, LimitedType limited, List<Method> unforwarded) {
		List<Method> template = TemplateMethods.of(type, limited.methods());
		if (!template.isEmpty()) {
			logger
				.warn("{} carries @RateLimited on methods that its superclass may call on the object itself, past the "
						+ "proxy; such calls are not limited: {}", type.getName(), names(template));
		}
		if (!unforwarded.isEmpty()) {
			logger.warn("{} is limited by a proxy that has none of its fields, and these methods run on the proxy, as "
					+ "they are final or private: {}. Make them non-final and non-private, or move the limited methods "
					+ "to a bean of their own", type.getName(), names(unforwarded));
		}
	}

	private static List<String> names(List<Method> methods) {
		return methods.stream().map(Declaration::nameOf).toList();
	}

}
