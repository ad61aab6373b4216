package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Stops the start where an annotation would limit nothing or says something that cannot
 * be: a method that no proxy can intercept, a bean that was made too early for one, an
 * unknown policy. Methods are bound once all singletons are there, those of beans that
 * are created later by the types of their definitions.
 */
final class RateLimitedChecks implements BeanChecks {

	private final RateLimitedAdvisor advisor;

	private final ConfigurableListableBeanFactory beans;

	private final Interception interception;

	private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();

	private volatile boolean started;

	/**
	 * Creates the checks of an advisor.
	 * @param advisor the advisor
	 * @param beans the beans to check
	 */
	RateLimitedChecks(RateLimitedAdvisor advisor, ConfigurableListableBeanFactory beans) {
		this.advisor = advisor;
		this.beans = beans;
		this.interception = new Interception(beans);
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		beanFactory.addBeanPostProcessor(new EarlyBeans());
	}

	@Override
	public @Nullable Object postProcessBeforeInitialization(Object bean, String beanName) {
		see(beanName, ClassUtils.getUserClass(bean));
		return bean;
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = ClassUtils.getUserClass(AopUtils.getTargetClass(bean));
		see(beanName, type);
		if (!limited(type).isEmpty()) {
			AdviceOrder.arrange(bean, this.advisor);
			requireAdviceNow(beanName, bean);
		}
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.started = true;
		this.seen.forEach(this.advisor.methods()::bind);
		BeansToCome.of(this.beans, this::see, this.advisor.methods()::requirePolicies);
		for (String name : this.beans.getSingletonNames()) {
			Object bean = this.beans.getSingleton(name);
			if (bean != null) {
				requireAdvice(name, bean);
			}
		}
	}

	@Override
	public void requireAdvice(ConfigurableListableBeanFactory others, String context) {
		for (String name : others.getBeanDefinitionNames()) {
			Class<?> type = BeansToCome.typeOf(others, name);
			if (type != null && !limited(ClassUtils.getUserClass(type)).isEmpty()
					&& !isAdvised(others.getSingleton(name))) {
				throw Declaration.invalid(ClassUtils.getUserClass(type),
						"the bean '%s' carries @RateLimited and is not limited, because its context '%s' is another one than that of the starter"
							.formatted(name, context),
						"Put @EnableAutoConfiguration on the configuration of that context too, or the bean into the context of the starter; and give a DispatcherServlet a context that is not refreshed yet");
			}
		}
	}

	private boolean isAdvised(@Nullable Object bean) {
		return bean != null && (advised(bean) || Mocks.isMock(bean));
	}

	private void see(String bean, Class<?> type) {
		LimitedType limited = this.advisor.methods().declarations().type(type);
		if (limited.isEmpty() || this.seen.contains(type)) {
			return;
		}
		if (!limited.methods().isEmpty()) {
			this.interception.require(bean, type, limited.methods());
		}
		if (this.started) {
			this.advisor.methods().bind(type);
		}
		if (this.seen.add(type)) {
			TypeNotes.log(type, limited);
			if (!limited.methods().isEmpty()) {
				TypeNotes.logPassedBy(type, limited, this.interception.unforwarded(bean, type));
			}
		}
	}

	/*
	 * A singleton may have been proxied for others before it was complete, which shows
	 * only when it is.
	 */
	private void requireAdviceNow(String name, Object bean) {
		if (isNoSingleton(name, bean)) {
			requireAdvice(name, bean);
		}
	}

	private boolean isNoSingleton(String name, Object bean) {
		return (!(bean instanceof FactoryBean) && this.beans.containsBean(name) && this.beans.isFactoryBean(name))
				|| (this.beans.containsBeanDefinition(name) && !this.beans.getMergedBeanDefinition(name).isSingleton());
	}

	private void requireAdvice(String name, Object bean) {
		Class<?> type = AopUtils.getTargetClass(bean);
		if (!limited(type).isEmpty() && !advised(bean) && !(bean instanceof AopInfrastructureBean)
				&& !Mocks.isMock(bean)) {
			throw Declaration.invalid(ClassUtils.getUserClass(type),
					"the bean '%s' carries @RateLimited and is not limited, because it was created before it could be "
						.formatted(name) + "proxied, was not created by Spring, or is part of the proxying itself",
					"If a BeanPostProcessor or another bean that is created early depends on it, inject it there with "
							+ "@Lazy, and declare the @Bean method of the post-processor static");
		}
	}

	private boolean advised(Object bean) {
		Object candidate = bean;
		while (candidate instanceof Advised advised) {
			if (this.advisor.advises(advised)) {
				return true;
			}
			candidate = AopProxyUtils.getSingletonTarget(advised);
		}
		return false;
	}

	private Map<Method, ?> limited(Class<?> type) {
		return this.advisor.methods().declarations().of(type);
	}

	/**
	 * Beans that are created before the checks are a post-processor themselves, for
	 * another one. Products and prototypes among them are seen but once.
	 */
	private final class EarlyBeans implements BeanPostProcessor {

		@Override
		public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!limited(AopUtils.getTargetClass(bean)).isEmpty() && areEarly()) {
				requireAdviceNow(beanName, bean);
			}
			return bean;
		}

		private boolean areEarly() {
			return RateLimitedChecks.this.beans instanceof AbstractBeanFactory factory
					&& !factory.getBeanPostProcessors().contains(RateLimitedChecks.this);
		}

	}

}
