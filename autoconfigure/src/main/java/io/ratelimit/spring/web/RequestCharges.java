package io.ratelimit.spring.web;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.RateLimiterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What one request has been charged so far, wherever it went. Safe for use by many
 * threads.
 */
public final class RequestCharges {

	private static final String ATTRIBUTE = RequestCharges.class.getName();

	private final List<Decision> decisions = new ArrayList<>(2);

	private final List<Charge> charges = new ArrayList<>(2);

	private long resumeAt;

	private boolean delayed;

	private RequestCharges() {
	}

	/**
	 * Returns the charges of a request.
	 * @param request the request
	 * @return its charges, none at first
	 */
	public static RequestCharges of(HttpServletRequest request) {
		RequestCharges charges = find(request);
		if (charges == null) {
			charges = new RequestCharges();
			request.setAttribute(ATTRIBUTE, charges);
		}
		return charges;
	}

	/**
	 * Returns every decision on a request so far.
	 * @param request the request
	 * @return a copy of the decisions
	 */
	public static List<Decision> decisionsOn(HttpServletRequest request) {
		RequestCharges charges = find(request);
		return (charges != null) ? charges.decisions() : List.of();
	}

	static @Nullable RequestCharges find(HttpServletRequest request) {
		return (RequestCharges) request.getAttribute(ATTRIBUTE);
	}

	/**
	 * Tells whether a filter has taken a permit for this request.
	 * @param policy name of the policy
	 * @param key who was counted
	 * @return whether the request is paid for
	 */
	public synchronized boolean covers(String policy, String key) {
		for (Charge charge : this.charges) {
			if (charge.claim().policy().name().equals(policy) && charge.claim().key().equals(key)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Adds decisions; a later one of the same policy takes the place of a former.
	 * @param added the decisions
	 */
	public synchronized void decided(List<Decision> added) {
		for (Decision decision : added) {
			int former = indexOf(decision.policy().name());
			if (former >= 0) {
				this.decisions.remove(former);
			}
			this.decisions.add(decision);
		}
	}

	/**
	 * Returns every decision on this request, which is what headers are about.
	 * @return a copy of the decisions
	 */
	public synchronized List<Decision> decisions() {
		return List.copyOf(this.decisions);
	}

	private int indexOf(String policy) {
		for (int i = 0; i < this.decisions.size(); i++) {
			if (this.decisions.get(i).policy().name().equals(policy)) {
				return i;
			}
		}
		return -1;
	}

	synchronized void charged(List<Claim> claims, List<Decision> decisions, long since) {
		for (int i = 0; i < decisions.size(); i++) {
			this.charges.add(new Charge(claims.get(i), decisions.get(i).counted(), since));
		}
	}

	/**
	 * Gives back what filters have taken for a request that is refused after all.
	 */
	synchronized void giveBack(RateLimiterRegistry registry) {
		for (Charge charge : this.charges) {
			Claim claim = charge.claim();
			if (charge.counted() && claim.policy().mode() == Mode.ENFORCE) {
				registry.limiter(claim.policy().name())
					.giveBack(claim.key(), claim.permits(), System.nanoTime() - charge.since());
			}
		}
		this.charges.clear();
	}

	/**
	 * Lets the request go on only after a while.
	 */
	synchronized void delay(long nanos) {
		long resume = System.nanoTime() + nanos;
		if (!this.delayed || resume - this.resumeAt > 0) {
			this.resumeAt = resume;
			this.delayed = true;
		}
	}

	/**
	 * Takes the delay that is still to be waited for, if any; whoever takes it waits.
	 */
	synchronized long takeDelay() {
		long left = this.delayed ? this.resumeAt - System.nanoTime() : 0;
		this.delayed = false;
		return Math.max(0, left);
	}

	synchronized boolean delayed() {
		return this.delayed;
	}

	private record Charge(Claim claim, boolean counted, long since) {
	}

}
