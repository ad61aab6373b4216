package io.ratelimit.spring.method;

import java.lang.reflect.Method;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimit.aspectj.CallAdvice;
import io.ratelimit.aspectj.RateLimitedAspect;
import org.aspectj.lang.JoinPoint;
import org.aspectj.lang.reflect.MethodSignature;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AdviceMode;

/**
 * Takes permits before the body of a woven method runs. The aspect is one for all
 * contexts of a class loader, and the beans of each are limited by its own policies.
 */
final class WovenCalls implements CallAdvice, MethodAdvice {

	/** What the weaver adds to the name of a method for that of its body. */
	private static final String WOVEN_BODY = "_aroundBody";

	private final LimitedMethods methods;

	/** By identity. */
	private final Cache<Object, Boolean> beans = Caffeine.newBuilder().weakKeys().build();

	WovenCalls(LimitedMethods methods) {
		this.methods = methods;
	}

	/**
	 * Begins to limit calls.
	 */
	void begin() {
		RateLimitedAspect.aspectOf().add(this);
	}

	/**
	 * Leaves calls to other contexts. Called when the context is closed.
	 */
	void end() {
		RateLimitedAspect.aspectOf().remove(this);
	}

	/**
	 * Adds a bean of this context.
	 */
	void own(Object bean) {
		this.beans.put(bean, true);
	}

	@Override
	public boolean owns(Object target) {
		return this.beans.getIfPresent(target) != null;
	}

	@Override
	public AdviceMode mode() {
		return AdviceMode.ASPECTJ;
	}

	@Override
	public LimitedMethods methods() {
		return this.methods;
	}

	@Override
	public BeanChecks checks(ConfigurableListableBeanFactory beans) {
		return new WovenChecks(this, beans);
	}

	@Override
	public @Nullable Object around(JoinPoint call, Body body) throws Throwable {
		Method method = ((MethodSignature) call.getSignature()).getMethod();
		Object target = call.getThis();
		LimitedMethod limited = this.methods.of(method,
				(target != null) ? target.getClass() : method.getDeclaringClass());
		if (!limited.isLimited() || isPassedOn(limited.method(), method)) {
			return body.run();
		}
		return limited.style().call(limited, new WovenCall(call, method, body));
	}

	/**
	 * Returns whether a method runs for one that overrides it, and that has taken the
	 * permits. Other methods of the class can call it by {@code super} too.
	 */
	private static boolean isPassedOn(Method overriding, Method method) {
		if (overriding.equals(method) || !Weaving.isWoven(overriding)) {
			return false;
		}
		String type = overriding.getDeclaringClass().getName();
		String body = overriding.getName() + WOVEN_BODY;
		return StackWalker.getInstance()
			.walk((frames) -> frames
				.anyMatch((frame) -> frame.getClassName().equals(type) && frame.getMethodName().startsWith(body)));
	}

}
