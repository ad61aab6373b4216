package io.ratelimit.spring.method;

import java.util.List;
import java.util.function.BiFunction;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.LivePolicies;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.util.ClassUtils;

/**
 * The advice around annotated methods, by the aspect of {@code ratelimit-aspects}.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(AdviceModes.Aspect.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class AspectConfiguration {

	private static final String ASPECT = "io.ratelimit.aspectj.RateLimitedAspect";

	@Bean(value = MethodConfiguration.ADVICE, destroyMethod = "end")
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static MethodAdvice rateLimitWovenCalls(ObjectProvider<RateLimits> registry, ObjectProvider<LivePolicies> policies,
			ObjectProvider<CallContext> context, ObjectProvider<Expressions> expressions,
			@Qualifier("io.ratelimit.decisionText") ObjectProvider<BiFunction<List<Claim>, List<Decision>, List<String>>> texts,
			ConfigurableListableBeanFactory beans) {
		if (!ClassUtils.isPresent(ASPECT, beans.getBeanClassLoader())) {
			throw new InvalidRateLimitException("ratelimit.method.mode",
					"it is aspectj, and there is no aspect on the class path",
					"Add the dependency io.ratelimit:ratelimit-aspects and have annotated classes woven; or leave the property out, and methods are limited by proxies.");
		}
		WovenCalls calls = new WovenCalls(new LimitedMethods(registry::getObject, policies::getObject,
				context::getObject, expressions::getObject, new EmbeddedValueResolver(beans), texts::getObject));
		calls.begin();
		return calls;
	}

	@Bean(MethodConfiguration.CHECKS)
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static BeanChecks rateLimitWovenChecks(MethodAdvice advice, ConfigurableListableBeanFactory beans) {
		return advice.checks(beans);
	}

}
