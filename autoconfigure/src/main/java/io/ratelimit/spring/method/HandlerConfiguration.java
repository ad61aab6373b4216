package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.BiFunction;

import io.ratelimit.Policy;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of what descriptions of an API have to know of annotated methods.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springdoc.core.customizers.GlobalOpenApiCustomizer")
class HandlerConfiguration {

	/**
	 * Returns the policies of a method, by the method and the class of its bean.
	 */
	@Bean(value = "io.ratelimit.policiesOfMethods", defaultCandidate = false)
	BiFunction<Method, Class<?>, List<Policy>> rateLimitPoliciesOfMethods(MethodAdvice advice) {
		return (method, type) -> advice.methods().of(method, type).policies();
	}

}
