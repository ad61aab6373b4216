package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Stops the start where an annotation would limit nothing or says something that cannot
 * be: a method that no proxy can intercept, a bean that was made too early for one, an
 * unknown policy. Methods are bound once all singletons are there, and those of later
 * beans with the bean.
 */
public final class RateLimitedChecks implements BeanPostProcessor, SmartInitializingSingleton {

	private final RateLimitedAdvisor advisor;

	private final ConfigurableListableBeanFactory beans;

	private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();

	private volatile boolean started;

	/**
	 * Makes the checks of an advisor.
	 * @param advisor the advisor
	 * @param beans the beans to check
	 */
	public RateLimitedChecks(RateLimitedAdvisor advisor, ConfigurableListableBeanFactory beans) {
		this.advisor = advisor;
		this.beans = beans;
	}

	@Override
	public @Nullable Object postProcessBeforeInitialization(Object bean, String beanName) {
		Class<?> type = ClassUtils.getUserClass(bean);
		Set<Method> limited = limited(type).keySet();
		if (!limited.isEmpty() && !this.seen.contains(type)) {
			limited.forEach((method) -> {
				refuse(method, Modifier.isPrivate(method.getModifiers()), "private");
				refuse(method, Modifier.isStatic(method.getModifiers()), "static");
			});
			if (Modifier.isFinal(type.getModifiers()) && ClassUtils.getAllInterfacesForClass(type).length == 0) {
				throw Declaration.invalid(type, "a final class without an interface cannot be limited",
						"Make the class non-final, since a proxy is a subclass of it");
			}
		}
		return bean;
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = ClassUtils.getUserClass(AopUtils.getTargetClass(bean));
		Set<Method> limited = limited(type).keySet();
		if (!limited.isEmpty() && !this.seen.contains(type)) {
			if (!AopUtils.isJdkDynamicProxy(bean)) {
				limited.forEach((method) -> refuse(method, Modifier.isFinal(method.getModifiers()), "final"));
			}
			if (this.started) {
				this.advisor.methods().bind(type);
			}
			this.seen.add(type);
		}
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.started = true;
		this.seen.forEach(this.advisor.methods()::bind);
		for (String name : this.beans.getSingletonNames()) {
			Object bean = this.beans.getSingleton(name);
			if (bean != null) {
				check(name, bean);
			}
		}
	}

	private void check(String name, Object bean) {
		Class<?> type = AopUtils.getTargetClass(bean);
		if (!limited(type).isEmpty() && !advised(bean) && !Mocks.isMock(bean)) {
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
			if (advised.indexOf(this.advisor) >= 0) {
				return true;
			}
			candidate = AopProxyUtils.getSingletonTarget(advised);
		}
		return false;
	}

	private Map<Method, List<Declaration>> limited(Class<?> type) {
		return this.advisor.methods().declarations().of(type);
	}

	private static void refuse(Method method, boolean wrong, String modifier) {
		if (wrong) {
			throw Declaration.invalid(method,
					"a %s method cannot be limited, since no proxy can intercept it".formatted(modifier),
					"Make the method non-%s, or move the annotation to a method that others call".formatted(modifier));
		}
	}

}
