package io.ratelimit.spring.method;

import java.util.concurrent.TimeUnit;

import io.ratelimit.Admission;
import io.ratelimit.RateLimitExceededException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * A call that is over when the method returns. A refusal is thrown, and the calling
 * thread waits out a delay. A wait that is interrupted, or for which there is no room, is
 * a refusal.
 */
final class PlainCall implements CallStyle {

	@Override
	public @Nullable Object call(LimitedMethod method, MethodInvocation invocation) throws Throwable {
		Outlay outlay = method.outlay(invocation);
		try (Admission admission = method.admit(outlay.claims())) {
			long delay = admission.delayNanos();
			if (delay > 0) {
				await(admission, delay, method.context().beginWait());
			}
			return outlay.proceed(invocation);
		}
	}

	private static void await(Admission admission, long delay, @Nullable Runnable end) {
		if (end == null) {
			throw new RateLimitExceededException(admission.breakOff().decisions());
		}
		try {
			long turn = System.nanoTime() + delay;
			for (long left = delay; left > 0; left = turn - System.nanoTime()) {
				TimeUnit.NANOSECONDS.sleep(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RateLimitExceededException(admission.breakOff().decisions());
		}
		finally {
			end.run();
		}
	}

}
