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

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * The advice around annotated methods, by proxies. Works whether or not the application
 * asks for proxies by itself.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(AdviceModes.Proxy.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
@Import(ProxyConfiguration.ProxyCreatorRegistrar.class)
class ProxyConfiguration {

	@Bean(MethodConfiguration.ADVICE)
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RateLimitedAdvisor rateLimitedAdvisor(ObjectProvider<RateLimits> registry,
			ObjectProvider<LivePolicies> policies, ObjectProvider<CallContext> context,
			ObjectProvider<Expressions> expressions,
			@Qualifier("io.ratelimit.decisionText") ObjectProvider<BiFunction<List<Claim>, List<Decision>, List<String>>> texts,
			ConfigurableListableBeanFactory beans, Environment environment) {
		RateLimitedAdvisor advisor = new RateLimitedAdvisor(registry::getObject, policies::getObject,
				context::getObject, expressions::getObject, new EmbeddedValueResolver(beans), texts::getObject);
		advisor.setOrder(order(environment));
		return advisor;
	}

	/*
	 * The advisor is made before properties are bound.
	 */
	private static int order(Environment environment) {
		try {
			return environment.getProperty("ratelimit.method.order", Integer.class, RateLimitedAdvisor.DEFAULT_ORDER);
		}
		catch (ConversionException ex) {
			throw new InvalidRateLimitException("ratelimit.method.order", "it is not a number",
					"Write digits only: advice with a lower number stands further outside.");
		}
	}

	@Bean(MethodConfiguration.CHECKS)
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RateLimitedChecks rateLimitedChecks(RateLimitedAdvisor advisor, ConfigurableListableBeanFactory beans) {
		return new RateLimitedChecks(advisor, beans);
	}

	/**
	 * Registers an auto-proxy creator if there is none.
	 * @param proxyTargetClass whether it makes proxies of classes where it could make
	 * some of interfaces
	 */
	static void registerProxyCreator(BeanDefinitionRegistry registry, boolean proxyTargetClass) {
		AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
		if (proxyTargetClass) {
			AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
		}
	}

	/**
	 * Registers an auto-proxy creator as the application's settings ask for.
	 */
	static final class ProxyCreatorRegistrar implements ImportBeanDefinitionRegistrar {

		private final Environment environment;

		ProxyCreatorRegistrar(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
			registerProxyCreator(registry,
					this.environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
		}

	}

}
