package io.ratelimit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * A limiter of the registry: the store's, with the policy's mode and failure mode around
 * it.
 */
final class RegisteredLimiter implements RateLimiter {

	private final StoreFailures failures;

	private final @Nullable Plans plans;

	/** The policy that this is a plan of; {@code null} if it is none. */
	private final @Nullable String planOf;

	private volatile Binding binding;

	RegisteredLimiter(Policy policy, RateLimiter bound, StoreFailures failures, Listeners listeners,
			@Nullable Plans plans, @Nullable String planOf) {
		this.binding = new Binding(policy, bound, listeners);
		this.plans = plans;
		this.planOf = planOf;
		this.failures = failures;
	}

	void replace(Policy policy, RateLimiter bound, Listeners listeners) {
		this.binding = new Binding(policy, bound, listeners);
	}

	/**
	 * Tells of a decision that was made elsewhere.
	 */
	void decided(String key, long permits, Decision decision) {
		this.binding.listeners().decided(key, permits, decision);
	}

	/**
	 * Returns the limiter that decides on a key: this one, or that of the plan that the
	 * key has.
	 */
	RegisteredLimiter of(String key) {
		RegisteredLimiter planned = (this.plans != null && this.planOf == null && policy().mode() != Mode.OFF)
				? this.plans.limiter(policy(), key) : null;
		return (planned != null) ? planned : this;
	}

	/**
	 * Returns the policy that this is the limiter of a plan of, or {@code null} if it is
	 * none.
	 */
	@Nullable String planOf() {
		return this.planOf;
	}

	/**
	 * Tells whether this is the limiter of a plan as it stands now.
	 */
	boolean isOf(Plan plan, Policy policy) {
		Policy own = policy();
		return own.mode() == policy.mode() && own.failureMode() == policy.failureMode()
				&& own.limits().equals(plan.limits());
	}

	@Override
	public Policy policy() {
		return this.binding.policy();
	}

	@Override
	public Decision tryAcquire(String key, long permits) {
		RegisteredLimiter limiter = of(key);
		return (limiter == this) ? take(key, permits) : limiter.take(key, permits);
	}

	private Decision take(String key, long permits) {
		Binding binding = this.binding;
		if (binding.policy().mode() == Mode.OFF) {
			Claim.requirePositive(permits);
			return Decision.notCounted(binding.policy(), true);
		}
		Decision decision;
		try {
			decision = binding.limiter().tryAcquire(key, permits);
			this.failures.answered();
		}
		catch (RateLimitStoreException ex) {
			decision = this.failures.decide(binding.policy(), key, permits, ex);
		}
		binding.listeners().decided(key, permits, decision);
		return decision;
	}

	@Override
	public CompletionStage<Decision> tryAcquireAsync(String key, long permits) {
		return of(key).takeAsync(key, permits);
	}

	private CompletionStage<Decision> takeAsync(String key, long permits) {
		Binding binding = this.binding;
		if (binding.policy().mode() == Mode.OFF) {
			return CompletableFuture.completedStage(take(key, permits));
		}
		return binding.limiter().tryAcquireAsync(key, permits).handle((answer, failure) -> {
			Decision decision = answer;
			if (failure == null) {
				this.failures.answered();
			}
			else if (cause(failure) instanceof RateLimitStoreException ex) {
				decision = this.failures.decide(binding.policy(), key, permits, ex);
			}
			else {
				throw (failure instanceof CompletionException ex) ? ex : new CompletionException(failure);
			}
			binding.listeners().decided(key, permits, decision);
			return decision;
		});
	}

	@Override
	public Decision peek(String key) {
		Binding binding = of(key).binding;
		if (binding.policy().mode() == Mode.OFF) {
			return Decision.notCounted(binding.policy(), true);
		}
		try {
			return binding.limiter().peek(key);
		}
		catch (RateLimitStoreException ex) {
			this.failures.report(ex);
			return Decision.notCounted(binding.policy(), binding.policy().failureMode() != FailureMode.DENY);
		}
	}

	/**
	 * Forgets what a key has used, of the plan that it had as well as of the plan that it
	 * has, which is looked up anew.
	 */
	@Override
	public void reset(String key) {
		if (this.plans == null) {
			forget(key);
			return;
		}
		RegisteredLimiter former = of(key);
		this.plans.forget((this.planOf != null) ? this.planOf : policy().name(), key);
		forget(key);
		RegisteredLimiter next = of(key);
		if (former != this) {
			former.forget(key);
		}
		if (next != this && next != former) {
			next.forget(key);
		}
	}

	private void forget(String key) {
		Binding binding = this.binding;
		RateLimitStore local = this.failures.local();
		if (local != null && binding.policy().failureMode() != FailureMode.DENY) {
			local.limiter(binding.policy()).reset(key);
		}
		binding.limiter().reset(key);
	}

	@Override
	public void giveBack(String key, long permits, long heldNanos) {
		Binding binding = of(key).binding;
		if (binding.policy().mode() != Mode.OFF) {
			try {
				binding.limiter().giveBack(key, permits, heldNanos);
			}
			catch (RateLimitStoreException ex) {
				this.failures.report(ex);
			}
		}
	}

	private static Throwable cause(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof CompletionException && cause != null) ? cause : failure;
	}

	private record Binding(Policy policy, RateLimiter limiter, Listeners listeners) {
	}

}
