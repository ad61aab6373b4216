package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;
import org.springframework.util.ClassUtils;

/**
 * How a limited call is made, which depends on what the method returns.
 */
interface CallStyle {

	/** Whether Reactor is on the class path. */
	boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Mono", CallStyle.class.getClassLoader());

	@Nullable Object call(LimitedMethod method, MethodInvocation invocation) throws Throwable;

	/**
	 * Returns the style for methods that are declared to return a type.
	 */
	static CallStyle of(Class<?> returned) {
		if (CompletionStage.class.isAssignableFrom(returned) && returned.isAssignableFrom(CompletableFuture.class)) {
			return new StageCall();
		}
		CallStyle reactive = REACTOR ? PublisherCall.of(returned) : null;
		return (reactive != null) ? reactive : new PlainCall();
	}

	/**
	 * Goes on with a call after its interceptors have returned. Can be done again and
	 * again.
	 */
	/*
	 * That of a proxy can proceed only once, and advice of AspectJ further inside asks
	 * the thread for the current invocation, which is long gone.
	 */
	static @Nullable Object proceedLater(MethodInvocation invocation) throws Throwable {
		return (invocation instanceof ProxyMethodInvocation proxied)
				? ExposeInvocationInterceptor.INSTANCE.invoke(proxied.invocableClone()) : invocation.proceed();
	}

}
