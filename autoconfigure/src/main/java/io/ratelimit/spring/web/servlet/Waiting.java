package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.ratelimit.Algorithm;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimiter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * How requests that a leaky bucket has delayed wait for their turn: with their thread, as
 * many as may at a time, or without one, at the end of the chain of filters.
 */
public final class Waiting {

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
	public static Waiting withThreads(int most) {
		return new Waiting(new Semaphore(most), false);
	}

	/**
	 * Returns a wait with the request's thread, without a bound, for threads that cost
	 * nothing.
	 */
	public static Waiting unbounded() {
		return new Waiting(null, false);
	}

	/**
	 * Returns a wait without a thread where Spring MVC can do that, which takes an
	 * asynchronous dispatch.
	 * @param most how many threads may wait at a time where it cannot
	 */
	public static Waiting asynchronous(int most) {
		return new Waiting(new Semaphore(most), true);
	}

	/**
	 * Has a thread wait, if one more may.
	 * @return whether it may
	 */
	public boolean enter() {
		return this.threads == null || this.threads.tryAcquire();
	}

	/**
	 * Ends the wait of a thread that has {@linkplain #enter() entered}.
	 */
	public void leave() {
		if (this.threads != null) {
			this.threads.release();
		}
	}

	/**
	 * Returns the refusal of a request that would have to wait while no thread more may,
	 * as if {@code max-wait} were shorter; {@code null} if it need not, or can.
	 * @param limiters the limiters of the claims
	 */
	@Nullable Decision tooLate(List<Claim> claims, List<RateLimiter> limiters) {
		if (this.asynchronous || this.threads == null || this.threads.availablePermits() > 0) {
			return null;
		}
		for (int i = 0; i < claims.size(); i++) {
			Claim claim = claims.get(i);
			if (delays(claim.policy())) {
				Decision decision = limiters.get(i).peek(claim.key());
				if (decision.delayNanos() > 0) {
					return refused(decision, decision.delayNanos());
				}
			}
		}
		return null;
	}

	/**
	 * Waits, or leaves the wait to {@link DelayedRequestMapping}.
	 * @param dispatchable whether Spring MVC has still to look for a handler of the
	 * request
	 * @return none if the request goes on; else its refusal, as no thread more may wait
	 * or this one was interrupted
	 */
	List<Decision> await(long nanos, RequestCharges charges, HttpServletRequest request, boolean dispatchable,
			List<Decision> decisions) {
		if (this.asynchronous && dispatchable && request.isAsyncSupported()
				&& ServedBy.spring(request, request.getHttpServletMapping())) {
			charges.delay(nanos);
			return List.of();
		}
		if (!enter()) {
			return refused(decisions, nanos);
		}
		try {
			long end = System.nanoTime() + nanos;
			TimeUnit.NANOSECONDS.sleep(nanos);
			for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
				TimeUnit.NANOSECONDS.sleep(left);
			}
			return List.of();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return refused(decisions, nanos);
		}
		finally {
			leave();
		}
	}

	private static boolean delays(Policy policy) {
		if (policy.mode() == Mode.ENFORCE) {
			for (Limit limit : policy.limits()) {
				if (limit.algorithm() == Algorithm.LEAKY_BUCKET) {
					return true;
				}
			}
		}
		return false;
	}

	private static List<Decision> refused(List<Decision> decisions, long nanos) {
		return decisions.stream()
			.map((decision) -> (decision.policy().mode() == Mode.ENFORCE && decision.delayNanos() > 0)
					? refused(decision, nanos) : decision)
			.toList();
	}

	private static Decision refused(Decision decision, long nanos) {
		return Decision.denied(decision.policy(), decision.limit(), 0, nanos, decision.resetAfterNanos(), null);
	}

}
