package io.ratelimit.spring.method;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Takes permits before a limited method is called.
 */
final class RateLimitedInterceptor implements MethodInterceptor {

	private final LimitedMethods methods;

	RateLimitedInterceptor(LimitedMethods methods) {
		this.methods = methods;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? target.getClass() : invocation.getMethod().getDeclaringClass();
		LimitedMethod method = this.methods.of(invocation.getMethod(), type);
		return method.style().call(method, invocation);
	}

}
