package io.ratelimit.spring.method;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;

import io.ratelimit.aspectj.CallAdvice.Body;
import org.aopalliance.intercept.MethodInvocation;
import org.aspectj.lang.JoinPoint;
import org.jspecify.annotations.Nullable;

/**
 * A call of a woven method.
 */
final class WovenCall implements MethodInvocation {

	private final JoinPoint call;

	private final Method method;

	private final Body body;

	WovenCall(JoinPoint call, Method method, Body body) {
		this.call = call;
		this.method = method;
		this.body = body;
	}

	@Override
	public Method getMethod() {
		return this.method;
	}

	@Override
	public @Nullable Object[] getArguments() {
		return this.call.getArgs();
	}

	@Override
	public @Nullable Object getThis() {
		return this.call.getThis();
	}

	@Override
	public AccessibleObject getStaticPart() {
		return this.method;
	}

	@Override
	public @Nullable Object proceed() throws Throwable {
		return this.body.run();
	}

}
