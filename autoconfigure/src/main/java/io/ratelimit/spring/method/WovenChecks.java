package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Stops the start where the class of a bean carries the annotation and is not woven.
 * Methods are bound once all singletons are there, those of beans that are created later
 * by the types of their definitions.
 */
final class WovenChecks implements BeanChecks {

	private final WovenCalls calls;

	private final ConfigurableListableBeanFactory beans;

	private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();

	private volatile boolean started;

	/**
	 * Creates the checks of a context.
	 * @param calls the calls that are limited
	 * @param beans the beans to check
	 */
	WovenChecks(WovenCalls calls, ConfigurableListableBeanFactory beans) {
		this.calls = calls;
		this.beans = beans;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
	}

	@Override
	public @Nullable Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (!limited(bean.getClass()).methods().isEmpty()) {
			this.calls.own(bean);
		}
		see(bean);
		return bean;
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		see(bean);
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.started = true;
		this.seen.forEach(this.calls.methods()::bind);
		BeansToCome.of(this.beans, (name, type) -> see(type), this.calls.methods()::requirePolicies);
		for (String name : this.beans.getSingletonNames()) {
			Object bean = this.beans.getSingleton(name);
			if (bean != null) {
				see(bean);
			}
		}
	}

	@Override
	public void requireAdvice(ConfigurableListableBeanFactory others, String context) {
		for (String name : others.getBeanDefinitionNames()) {
			Class<?> type = BeansToCome.typeOf(others, name);
			if (type != null && !type.isInterface()) {
				see(ClassUtils.getUserClass(type));
			}
		}
	}

	private void see(Object bean) {
		Class<?> type = ClassUtils.getUserClass(AopUtils.getTargetClass(bean));
		if (Proxy.isProxyClass(bean.getClass())) {
			requireTarget(bean.getClass(), type);
		}
		else if (!limited(type).isEmpty() && !Mocks.isMock(bean)) {
			see(type);
		}
	}

	private void see(Class<?> type) {
		LimitedType limited = limited(type);
		if (limited.isEmpty() || this.seen.contains(type)) {
			return;
		}
		Weaving.require(limited.methods());
		if (this.started) {
			this.calls.methods().bind(type);
		}
		if (this.seen.add(type)) {
			TypeNotes.log(type, limited);
		}
	}

	private LimitedType limited(Class<?> type) {
		return this.calls.methods().declarations().type(type);
	}

	/*
	 * The interfaces of a proxy may be more than its target implements, as those of a
	 * repository are.
	 */
	private void requireTarget(Class<?> proxy, Class<?> target) {
		if (!Proxy.isProxyClass(target)) {
			see(target);
		}
		Map<Method, List<Declaration>> limited = limited(proxy).methods();
		if (!limited.isEmpty() && this.seen.add(proxy)) {
			limited.forEach((method, declared) -> {
				Method specific = Declarations.specific(method, target);
				if (!Weaving.isWoven(specific)) {
					Weaving.require(Map.of(method, declared));
				}
			});
		}
	}

}
