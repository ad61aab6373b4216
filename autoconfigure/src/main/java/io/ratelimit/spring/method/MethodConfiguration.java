package io.ratelimit.spring.method;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/**
 * Configuration of limits on annotated methods, whatever they are advised by.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MethodProperties.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class MethodConfiguration {

	static final String ADVICE = "io.ratelimit.methodAdvice";

	static final String CHECKS = "io.ratelimit.methodChecks";

	@Bean("io.ratelimit.otherContexts")
	static OtherContexts rateLimitOtherContexts(ConfigurableApplicationContext context,
			ObjectProvider<BeanChecks> checks) {
		return new OtherContexts(context, checks::getObject);
	}

	@Bean("io.ratelimit.annotatedMethods")
	AnnotatedMethods rateLimitAnnotatedMethods(MethodAdvice advice) {
		return new AnnotatedMethods(advice);
	}

	@Bean("io.ratelimit.ownBeans")
	static OwnBeans rateLimitOwnBeans() {
		return new OwnBeans();
	}

}
