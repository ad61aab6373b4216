package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.ratelimit.Admission;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What one request has been charged so far, wherever it went. Safe for use by many
 * threads.
 */
final class RequestCharges implements Supplier<List<Decision>> {

	/** Supplies the decisions on a request to those who look at it from outside. */
	private static final String ATTRIBUTE = "io.ratelimit.decisions";

	private final List<Decision> decisions = new ArrayList<>(2);

	/** What has been granted last, until a call asks for it. */
	private @Nullable List<Claim> claims;

	private @Nullable Admission admission;

	private @Nullable List<Charge> charges;

	private final List<String> seen = new ArrayList<>(2);

	private final List<String> taken = new ArrayList<>(2);

	private long resumeAt;

	private boolean delayed;

	private RequestCharges() {
	}

	/**
	 * Returns the charges of a request.
	 * @param request the request
	 * @return its charges, none at first
	 */
	static RequestCharges of(HttpServletRequest request) {
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
	static List<Decision> decisionsOn(HttpServletRequest request) {
		RequestCharges charges = find(request);
		return (charges != null) ? charges.decisions() : List.of();
	}

	static @Nullable RequestCharges find(HttpServletRequest request) {
		return (RequestCharges) request.getAttribute(ATTRIBUTE);
	}

	/**
	 * Uses permits that a filter has taken for this request and that no call within it
	 * has used yet.
	 * @param policy name of the policy
	 * @param key who was counted
	 * @param permits how many a call takes
	 * @return how many of them are paid for
	 */
	synchronized long use(String policy, String key, long permits) {
		long used = 0;
		for (Charge charge : charges()) {
			if (charge.isFor(policy, key)) {
				used += charge.use(permits - used);
			}
		}
		return used;
	}

	/**
	 * Returns permits that a call has used and that was refused.
	 * @param policy name of the policy
	 * @param key who was counted
	 * @param permits how many it has used
	 */
	synchronized void unuse(String policy, String key, long permits) {
		for (Charge charge : charges()) {
			if (permits > 0 && charge.isFor(policy, key)) {
				charge.unused += permits;
				return;
			}
		}
	}

	/**
	 * Adds decisions; a later one of the same policy takes the place of a former.
	 * @param added the decisions
	 */
	synchronized void decided(List<Decision> added) {
		for (Decision decision : added) {
			int former = indexOf(decision.policy().name());
			if (former >= 0) {
				this.decisions.set(former, decision);
			}
			else {
				this.decisions.add(decision);
			}
		}
	}

	/**
	 * Returns every decision on this request, which is what headers are about.
	 * @return a copy of the decisions
	 */
	synchronized List<Decision> decisions() {
		return List.copyOf(this.decisions);
	}

	@Override
	public List<Decision> get() {
		return decisions();
	}

	private int indexOf(String policy) {
		for (int i = 0; i < this.decisions.size(); i++) {
			if (this.decisions.get(i).policy().name().equals(policy)) {
				return i;
			}
		}
		return -1;
	}

	/**
	 * Notes that a policy applies to this request.
	 */
	synchronized void see(String policy) {
		if (!this.seen.contains(policy)) {
			this.seen.add(policy);
		}
	}

	/**
	 * Notes that a policy takes permits for this request, which it does once, whichever
	 * way the request takes.
	 */
	synchronized void take(String policy) {
		this.taken.add(policy);
	}

	synchronized boolean hasTaken(String policy) {
		return this.taken.contains(policy);
	}

	synchronized boolean hasSeen(String policy) {
		return this.seen.contains(policy);
	}

	/**
	 * Adds what was granted to the request.
	 * @param claims the claims of the admission, in the order of its decisions
	 */
	synchronized void charged(List<Claim> claims, Admission admission) {
		if (this.claims != null) {
			charges();
		}
		this.claims = claims;
		this.admission = admission;
		decided(admission.decisions());
	}

	private List<Charge> charges() {
		List<Charge> charges = this.charges;
		if (charges == null) {
			charges = new ArrayList<>(2);
			this.charges = charges;
		}
		if (this.claims != null && this.admission != null) {
			List<Decision> decisions = this.admission.decisions();
			for (int i = 0; i < decisions.size(); i++) {
				if (decisions.get(i).counted() && decisions.get(i).allowed()) {
					charges.add(new Charge(this.claims.get(i)));
				}
			}
			this.claims = null;
			this.admission = null;
		}
		return charges;
	}

	/**
	 * Delays the request.
	 */
	synchronized void delay(long nanos) {
		long resume = System.nanoTime() + nanos;
		if (!this.delayed || resume - this.resumeAt > 0) {
			this.resumeAt = resume;
			this.delayed = true;
		}
	}

	/**
	 * Takes the delay that is left, if any; the caller waits for that long.
	 */
	synchronized long takeDelay() {
		long left = this.delayed ? this.resumeAt - System.nanoTime() : 0;
		this.delayed = false;
		return Math.max(0, left);
	}

	synchronized boolean delayed() {
		return this.delayed;
	}

	/**
	 * What a filter has taken, and how much of it no call has used.
	 */
	private static final class Charge {

		private final Claim claim;

		private long unused;

		private Charge(Claim claim) {
			this.claim = claim;
			this.unused = claim.permits();
		}

		private boolean isFor(String policy, String key) {
			return this.claim.limiter().policy().name().equals(policy) && this.claim.key().equals(key);
		}

		private long use(long permits) {
			long used = Math.min(permits, this.unused);
			this.unused -= used;
			return used;
		}

	}

}
