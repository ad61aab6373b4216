package io.ratelimit.spring.autoconfigure;

import io.ratelimit.RateLimiterRegistry;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.method.CallContext;
import io.ratelimit.spring.method.RateLimitedAdvisor;
import io.ratelimit.spring.method.RateLimitedChecks;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * The advice around annotated methods. Works whether or not the application asks for
 * proxies by itself.
 */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
@Import(RateLimitedMethodConfiguration.ProxyCreatorRegistrar.class)
class RateLimitedMethodConfiguration {

	@Bean("io.ratelimit.methodAdvisor")
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RateLimitedAdvisor rateLimitedAdvisor(ObjectProvider<RateLimiterRegistry> registry,
			ObjectProvider<CallContext> context, ObjectProvider<Expressions> expressions,
			ConfigurableListableBeanFactory beans, Environment environment) {
		RateLimitedAdvisor advisor = new RateLimitedAdvisor(registry::getObject, context::getObject,
				expressions::getObject, new EmbeddedValueResolver(beans));
		advisor.setOrder(
				environment.getProperty("ratelimit.method.order", Integer.class, RateLimitedAdvisor.DEFAULT_ORDER));
		return advisor;
	}

	@Bean("io.ratelimit.methodChecks")
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RateLimitedChecks rateLimitedChecks(RateLimitedAdvisor advisor, ConfigurableListableBeanFactory beans) {
		return new RateLimitedChecks(advisor, beans);
	}

	/**
	 * Sees to it that there is somebody who makes proxies.
	 */
	static final class ProxyCreatorRegistrar implements ImportBeanDefinitionRegistrar {

		private final Environment environment;

		ProxyCreatorRegistrar(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
			AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
			if (this.environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true)) {
				AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
			}
		}

	}

}
