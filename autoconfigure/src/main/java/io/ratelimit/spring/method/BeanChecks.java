package io.ratelimit.spring.method;

import io.ratelimit.spring.policy.InvalidRateLimitException;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Stops the start where an annotation on a bean would limit nothing, or says something
 * that cannot be.
 */
interface BeanChecks extends BeanFactoryPostProcessor, BeanPostProcessor, SmartInitializingSingleton {

	/**
	 * Refuses beans of a context without advice that carry the annotation and are not
	 * limited.
	 * @param others the beans of that context
	 * @param context name of the context
	 * @throws InvalidRateLimitException if there is one
	 */
	void requireAdvice(ConfigurableListableBeanFactory others, String context);

}
