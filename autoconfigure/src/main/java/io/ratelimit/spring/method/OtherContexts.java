package io.ratelimit.spring.method;

import java.util.function.Supplier;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Stops the start, or that of a context below, where a context above or below has beans
 * with limits and no advice for them.
 */
final class OtherContexts implements SmartInitializingSingleton, ApplicationListener<ContextRefreshedEvent> {

	private final ConfigurableApplicationContext context;

	private final Supplier<BeanChecks> checks;

	OtherContexts(ConfigurableApplicationContext context, Supplier<BeanChecks> checks) {
		this.context = context;
		this.checks = checks;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (ApplicationContext parent = this.context.getParent(); parent != null; parent = parent.getParent()) {
			requireAdvice(parent);
		}
	}

	/**
	 * Called for the contexts below too.
	 */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		requireAdvice(event.getApplicationContext());
	}

	/**
	 * Checks a context that may have been made without the advice.
	 * @throws io.ratelimit.spring.policy.InvalidRateLimitException if one of its beans
	 * carries the annotation and is not limited
	 */
	void requireAdvice(ApplicationContext other) {
		if (other instanceof ConfigurableApplicationContext configurable) {
			ConfigurableListableBeanFactory beans = configurable.getBeanFactory();
			if (!beans.containsLocalBean(MethodConfiguration.CHECKS)) {
				this.checks.get().requireAdvice(beans, other.getDisplayName());
			}
		}
	}

}
