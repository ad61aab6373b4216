package io.ratelimit.spring.method;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.ratelimit.RateLimits;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.policy.InvalidRateLimitException;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Stops the start where an application has a bean of a type that is made here only: one
 * without the configured policies, which part of the application would be limited by.
 */
final class OwnBeans implements BeanFactoryPostProcessor {

	private static final String PREFIX = "io.ratelimit.";

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
		refuse(RateLimits.class, "it has none of the configured policies, and the starter makes one that has",
				"Remove it, and inject the RateLimits of the starter. Further policies come from a PolicySource bean or by register(Policy), listeners from RateLimitListener beans, another store from a RateLimitStore bean. A registry for something else need not be a bean.",
				beans);
		refuse(CallContext.class, "annotated methods get theirs from the starter",
				"Remove it. Who is being counted is said by the key of a policy or an annotation, as by a KeyResolver bean in 'key: \"@bean\"'.",
				beans);
	}

	private static void refuse(Class<?> type, String reason, String action, ConfigurableListableBeanFactory beans) {
		List<String> names = Arrays
			.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false))
			.filter((name) -> !name.startsWith(PREFIX))
			.toList();
		if (!names.isEmpty()) {
			throw new InvalidRateLimitException("The bean %s of type %s".formatted(
					names.stream().sorted().map("'%s'"::formatted).collect(Collectors.joining(", ")), type.getName()),
					"an application has no %s of its own: %s".formatted(type.getSimpleName(), reason), action);
		}
	}

}
