package io.ratelimit.spring.method;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;

import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * A call that is over when the method returns. A refusal is thrown, a delay parks the
 * caller.
 */
final class PlainCall implements CallStyle {

	@Override
	public @Nullable Object call(LimitedMethod method, MethodInvocation invocation) throws Throwable {
		long delay = method.admit(invocation.getArguments());
		if (delay > 0) {
			park(delay);
		}
		return invocation.proceed();
	}

	private void park(long nanos) {
		long end = System.nanoTime() + nanos;
		for (long left = nanos; left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(this, left);
			if (Thread.currentThread().isInterrupted()) {
				throw new CancellationException("interrupted while waiting for the turn that a rate limit gave");
			}
		}
	}

}
