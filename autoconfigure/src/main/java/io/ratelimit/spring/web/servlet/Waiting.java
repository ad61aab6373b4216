package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * How requests that a leaky bucket has delayed wait for their turn: with their thread, as
 * many as may at a time, or without one, at the end of the chain of filters.
 */
final class Waiting {

	private final @Nullable Semaphore threads;

	private final boolean asynchronous;

	private Waiting(@Nullable Semaphore threads, boolean asynchronous) {
		this.threads = threads;
		this.asynchronous = asynchronous;
	}

	/**
	 * Returns a wait with the request's thread.
	 * @param most how many threads may wait at a time
	 */
	static Waiting withThreads(int most) {
		return new Waiting(new Semaphore(most), false);
	}

	/**
	 * Returns a wait with the request's thread, without a bound, for threads that cost
	 * nothing.
	 */
	static Waiting unbounded() {
		return new Waiting(null, false);
	}

	/**
	 * Returns a wait without a thread where Spring MVC can do that, which takes an
	 * asynchronous dispatch.
	 * @param most how many threads may wait at a time where it cannot
	 */
	static Waiting asynchronous(int most) {
		return new Waiting(new Semaphore(most), true);
	}

	/**
	 * Begins the wait of a thread, if one more may wait.
	 * @return whether it may
	 */
	boolean enter() {
		return this.threads == null || this.threads.tryAcquire();
	}

	/**
	 * Ends the wait of a thread that has {@linkplain #enter() entered}.
	 */
	void leave() {
		if (this.threads != null) {
			this.threads.release();
		}
	}

	/**
	 * Returns the refusal of a request that would have to wait while no thread more may,
	 * as if {@code max-wait} were shorter; {@code null} if it need not, or can.
	 */
	@Nullable Decision tooLate(List<Claim> claims) {
		if (this.asynchronous || this.threads == null || this.threads.availablePermits() > 0) {
			return null;
		}
		for (Claim claim : claims) {
			Policy policy = claim.limiter().policy();
			if (policy.mode() == Mode.ENFORCE && policy.limits().stream().anyMatch(Limit::delays)) {
				Decision decision = claim.limiter().peek(claim.key());
				if (decision.delayNanos() > 0) {
					return decision.withoutDelay();
				}
			}
		}
		return null;
	}

	/**
	 * Waits, or leaves the wait to {@link DelayedRequestMapping}.
	 * @param dispatchable whether Spring MVC has still to look for a handler of the
	 * request
	 * @return whether the request goes on; if not, no thread more may wait or this one
	 * was interrupted
	 */
	boolean await(long nanos, RequestCharges charges, HttpServletRequest request, boolean dispatchable) {
		if (this.asynchronous && dispatchable && request.isAsyncSupported()
				&& ServedBy.spring(request, request.getHttpServletMapping())) {
			charges.delay(nanos);
			return true;
		}
		if (!enter()) {
			return false;
		}
		try {
			long end = System.nanoTime() + nanos;
			for (long left = nanos; left > 0; left = end - System.nanoTime()) {
				TimeUnit.NANOSECONDS.sleep(left);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			leave();
		}
	}

}
