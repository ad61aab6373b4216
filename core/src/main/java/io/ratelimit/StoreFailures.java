package io.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.ratelimit.RateLimitStoreException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Decides claims that the store cannot, by the failure mode of each policy.
 */
final class StoreFailures {

	private final @Nullable RateLimitStore local;

	private final Listeners listeners;

	private final Outages outages;

	StoreFailures(@Nullable RateLimitStore local, Listeners listeners, Outages outages) {
		this.local = local;
		this.listeners = listeners;
		this.outages = outages;
	}

	/**
	 * Binds a policy to the local store, if claims on it may have to be counted there.
	 */
	@Nullable BoundPolicy bind(Policy policy) {
		return isForLocal(policy) ? local().bind(policy) : null;
	}

	/**
	 * Replaces a policy in the local store.
	 */
	@Nullable BoundPolicy replace(@Nullable BoundPolicy former, Policy policy) {
		if (former == null || !isForLocal(policy)) {
			return bind(policy);
		}
		former.replace(policy);
		return former;
	}

	void check(Policy policy) {
		if (isForLocal(policy)) {
			local().check(policy);
		}
	}

	void decide(Line line, RateLimitStoreException failure) {
		decide(List.of(line), failure);
	}

	/**
	 * Decides enforced claims that are decided together, or a single one.
	 */
	void decide(List<Line> lines, RateLimitStoreException failure) {
		List<Line> counted = lines.stream().filter((line) -> isCountedHere(line, failure.kind())).toList();
		boolean denied = lines.stream().anyMatch((line) -> !isCountedHere(line, failure.kind()) && !isAllowed(line));
		boolean local = !counted.isEmpty() && !denied;
		for (Line line : lines) {
			boolean allowed = isCountedHere(line, failure.kind()) || isAllowed(line);
			line.decided(Decision.notCounted(line.binding.policy(), allowed), null);
		}
		report(failure, standIn(lines, local ? counted.size() : 0));
		if (local) {
			take(counted);
		}
	}

	/**
	 * Notes that the store has answered.
	 */
	void answered() {
		this.outages.answered();
	}

	/**
	 * Asks a store, and notes whether it has answered.
	 * @throws RateLimitStoreException if it cannot answer
	 */
	void ping(RateLimitStore store, Duration patience) {
		try {
			if (store.ping(patience)) {
				this.outages.answered();
			}
		}
		catch (RateLimitStoreException ex) {
			report(ex);
			throw ex;
		}
	}

	/**
	 * Notes that something other than a decision failed.
	 */
	void report(RateLimitStoreException failure) {
		report(failure, StandIn.NONE);
	}

	/**
	 * Notes that a look failed.
	 * @return the decision in its place, of the local store where claims are counted
	 * there
	 */
	Decision peek(Line line, RateLimitStoreException failure) {
		report(failure);
		return peek(line, failure.kind());
	}

	/**
	 * Returns what a look comes to that the store has answered: a store that is full
	 * shows what it would grant, and could not.
	 */
	Decision peeked(Line line, Decision answer) {
		return (answer.allowed() && this.outages.isFull()) ? peek(line, Kind.FULL) : answer;
	}

	private static Decision peek(Line line, Kind failure) {
		return isCountedHere(line, failure) ? localOf(line).peek(line.key()).locally()
				: Decision.notCounted(line.binding.policy(), isAllowed(line));
	}

	/**
	 * Does something whose failure is noted and of no further consequence.
	 */
	void watch(Supplier<CompletionStage<?>> action) {
		try {
			CompletionStage<?> unused = action.get().whenComplete((done, failure) -> {
				if (failure != null) {
					report(Line.storeFailure(failure));
				}
			});
		}
		catch (RateLimitStoreException ex) {
			report(ex);
		}
	}

	private void take(List<Line> lines) {
		List<Decision> decisions = local().tryAcquireAll(
				lines.stream().map((line) -> BoundClaim.of(localOf(line), line.key(), line.permits())).toList());
		for (int i = 0; i < decisions.size(); i++) {
			lines.get(i).decided(decisions.get(i).locally(), localOf(lines.get(i)));
		}
	}

	private void report(RateLimitStoreException failure, StandIn decisions) {
		this.listeners.failed(failure);
		this.outages.failed(failure, decisions);
	}

	private static StandIn standIn(List<Line> lines, int local) {
		long denied = lines.stream().filter((line) -> !line.decision().allowed()).count();
		return new StandIn(lines.size() - local - denied, denied, local);
	}

	private boolean isForLocal(Policy policy) {
		return this.local != null && policy.failureMode() != FailureMode.DENY;
	}

	/**
	 * Returns whether a claim is counted in the local store. A store that is full was
	 * perhaps filled on purpose, so that nothing is allowed uncounted then.
	 */
	private static boolean isCountedHere(Line line, Kind failure) {
		FailureMode mode = line.binding.policy().failureMode();
		return line.binding.local() != null
				&& (mode == FailureMode.LOCAL || (mode == FailureMode.ALLOW && failure == Kind.FULL));
	}

	private static boolean isAllowed(Line line) {
		return line.binding.policy().failureMode() == FailureMode.ALLOW;
	}

	private RateLimitStore local() {
		RateLimitStore local = this.local;
		if (local == null) {
			throw new IllegalStateException("there is no local store");
		}
		return local;
	}

	private static BoundPolicy localOf(Line line) {
		BoundPolicy local = line.binding.local();
		if (local == null) {
			throw new IllegalStateException("the policy is not counted locally");
		}
		return local;
	}

}
