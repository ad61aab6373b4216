package io.ratelimit.spring.method;

import java.lang.reflect.Method;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Recognizes the mocks of Mockito, which puts them in a bean's place as instances of the
 * very class.
 */
final class Mocks {

	private static final String MOCKITO = "org.mockito.Mockito";

	private Mocks() {
	}

	static boolean isMock(Object bean) {
		ClassLoader classLoader = bean.getClass().getClassLoader();
		if (!ClassUtils.isPresent(MOCKITO, classLoader)) {
			return false;
		}
		Class<?> mockito = ClassUtils.resolveClassName(MOCKITO, classLoader);
		Method details = ClassUtils.getMethod(mockito, "mockingDetails", Object.class);
		Object answer = ReflectionUtils.invokeMethod(details, null, bean);
		Method isMock = ClassUtils.getMethod(details.getReturnType(), "isMock");
		return Boolean.TRUE.equals(ReflectionUtils.invokeMethod(isMock, answer));
	}

}
