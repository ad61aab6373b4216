package io.ratelimit.spring.method;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AdviceMode;

/**
 * What stands around annotated methods: advice of proxies, or that of an aspect.
 */
interface MethodAdvice {

	/**
	 * Returns which of these it is.
	 */
	AdviceMode mode();

	/**
	 * Returns the methods that are limited.
	 */
	LimitedMethods methods();

	/**
	 * Returns the checks for the beans of a context, which become a bean of it.
	 */
	BeanChecks checks(ConfigurableListableBeanFactory beans);

}
