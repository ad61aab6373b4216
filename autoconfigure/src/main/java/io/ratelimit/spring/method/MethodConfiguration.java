package io.ratelimit.spring.method;

import java.util.Locale;

import io.ratelimit.spring.policy.InvalidRateLimitException;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AdviceMode;
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
	AnnotatedMethods rateLimitAnnotatedMethods(MethodAdvice advice, MethodProperties properties) {
		AdviceMode mode = properties.method().mode();
		if (mode != advice.mode()) {
			throw new InvalidRateLimitException("ratelimit.method.mode",
					"it is '%s', and was '%s' when the application was processed ahead of time".formatted(nameOf(mode),
							nameOf(advice.mode())),
					"Set it to %s, or process the application ahead of time as it is to run."
						.formatted(nameOf(advice.mode())));
		}
		return new AnnotatedMethods(advice);
	}

	private static String nameOf(AdviceMode mode) {
		return mode.name().toLowerCase(Locale.ROOT);
	}

	@Bean("io.ratelimit.ownBeans")
	static OwnBeans rateLimitOwnBeans() {
		return new OwnBeans();
	}

}
