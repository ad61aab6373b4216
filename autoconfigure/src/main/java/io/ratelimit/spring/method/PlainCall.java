package io.ratelimit.spring.method;

import java.util.concurrent.TimeUnit;

import io.ratelimit.spring.method.CallContext.WaitingRoom;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * A call that is over when the method returns. A refusal is thrown, and the caller's
 * thread waits for a turn. A wait that is interrupted, or for which there is no room, is
 * a refusal.
 */
final class PlainCall implements CallStyle {

	@Override
	public @Nullable Object call(LimitedMethod method, MethodInvocation invocation) throws Throwable {
		Outlay outlay = method.outlay(invocation);
		Turn turn = method.admit(outlay);
		if (turn.delayNanos() > 0) {
			await(turn, method.context().waitingRoom());
		}
		return outlay.proceed(invocation);
	}

	private static void await(Turn turn, WaitingRoom room) {
		if (!room.enter()) {
			throw turn.brokenOff();
		}
		try {
			long end = System.nanoTime() + turn.delayNanos();
			for (long left = turn.delayNanos(); left > 0; left = end - System.nanoTime()) {
				TimeUnit.NANOSECONDS.sleep(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw turn.brokenOff();
		}
		finally {
			room.leave();
		}
	}

}
