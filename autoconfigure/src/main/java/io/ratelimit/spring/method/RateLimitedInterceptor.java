package io.ratelimit.spring.method;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;

/**
 * Takes permits before a limited method is called. Where a proxy has been proxied again,
 * by another auto-proxy creator for instance, the inner one takes them.
 */
final class RateLimitedInterceptor implements MethodInterceptor {

	private final LimitedMethods methods;

	RateLimitedInterceptor(LimitedMethods methods) {
		this.methods = methods;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		if (target instanceof Advised inner && isOf(inner)) {
			return invocation.proceed();
		}
		Class<?> type = (target != null) ? target.getClass() : invocation.getMethod().getDeclaringClass();
		LimitedMethod method = this.methods.of(invocation.getMethod(), type);
		return method.style().call(method, invocation);
	}

	/**
	 * Returns whether this stands among the advice of a proxy.
	 */
	boolean isOf(Advised proxy) {
		for (Advisor advisor : proxy.getAdvisors()) {
			if (advisor.getAdvice() == this) {
				return true;
			}
		}
		return false;
	}

}
