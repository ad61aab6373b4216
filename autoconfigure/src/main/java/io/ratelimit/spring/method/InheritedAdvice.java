package io.ratelimit.spring.method;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.Advisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

/**
 * Limits the annotated methods of a context whose parent has the advice and which has no
 * auto-configuration of its own: that of a second {@code DispatcherServlet}, or a child
 * of another application.
 */
/*
 * Post-processors of beans belong to one context, so that those of the parent never see
 * the beans here. Runs when the context knows its own definitions, and before it looks
 * for post-processors.
 */
final class InheritedAdvice implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

	private static final String FILTER = "io.ratelimit.filter";

	private static final Logger logger = LoggerFactory.getLogger(InheritedAdvice.class);

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addBeanFactoryPostProcessor(new Registration(context));
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	private static final class Registration implements BeanFactoryPostProcessor {

		private final ConfigurableApplicationContext context;

		private Registration(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
			BeanFactory parent = beans.getParentBeanFactory();
			if (parent == null || beans.containsLocalBean(MethodConfiguration.ADVICE)
					|| !parent.containsBean(MethodConfiguration.ADVICE)
					|| !(beans instanceof BeanDefinitionRegistry registry)) {
				return;
			}
			MethodAdvice advice = parent.getBean(MethodConfiguration.ADVICE, MethodAdvice.class);
			register(registry, MethodConfiguration.ADVICE, advice);
			register(registry, MethodConfiguration.CHECKS, advice.checks(beans));
			if (advice instanceof Advisor) {
				ProxyConfiguration.registerProxyCreator(registry, true);
			}
			noteRequests(parent);
		}

		@SuppressWarnings("unchecked")
		private static <T> void register(BeanDefinitionRegistry registry, String name, T bean) {
			RootBeanDefinition definition = new RootBeanDefinition((Class<T>) bean.getClass(), () -> bean);
			definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
			registry.registerBeanDefinition(name, definition);
		}

		private void noteRequests(BeanFactory parent) {
			if (ClassUtils.hasMethod(this.context.getClass(), "getServletContext") && !parent.containsBean(FILTER)) {
				logger.warn("The context '{}' serves requests and has no auto-configuration of the starter: annotated "
						+ "methods are limited, paths are not, and a refused call is answered with 500. Put "
						+ "@EnableAutoConfiguration on its configuration", this.context.getDisplayName());
			}
		}

	}

}
