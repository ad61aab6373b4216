package io.ratelimit.spring.policy;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/**
 * The bean of a type that an application may have one of.
 */
final class SoleBean {

	private SoleBean() {
	}

	/**
	 * Returns the bean of a type, of several the primary one or the one with the highest
	 * priority.
	 * @return the bean, or {@code null} if there is none
	 * @throws InvalidRateLimitException if there are several, and none stands out
	 */
	static <T> @Nullable T of(Class<T> type, BeanFactory beans) {
		try {
			return beans.getBeanProvider(type).getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			Collection<String> names = ex.getBeanNamesFound();
			if (!type.equals(ex.getBeanType())) {
				throw ex;
			}
			throw new InvalidRateLimitException("The beans of type " + type.getName(),
					"there are %s, and one can be used: %s".formatted(ex.getNumberOfBeansFound(),
							quoted((names != null) ? names : List.of())),
					"Remove all but one of them, or mark one as @Primary.");
		}
	}

	static String quoted(Collection<String> names) {
		return names.stream().sorted().map("'%s'"::formatted).collect(Collectors.joining(", "));
	}

}
