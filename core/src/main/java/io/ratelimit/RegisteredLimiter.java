package io.ratelimit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A limiter of the registry: the store's, with the policy's mode and failure mode around
 * it.
 */
final class RegisteredLimiter implements RateLimiter {

	private final StoreFailures failures;

	private volatile Binding binding;

	RegisteredLimiter(Policy policy, RateLimiter bound, StoreFailures failures, Listeners listeners) {
		this.binding = new Binding(policy, bound, listeners);
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

	@Override
	public Policy policy() {
		return this.binding.policy();
	}

	@Override
	public Decision tryAcquire(String key, long permits) {
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
		Binding binding = this.binding;
		if (binding.policy().mode() == Mode.OFF) {
			return CompletableFuture.completedStage(tryAcquire(key, permits));
		}
		return binding.limiter().tryAcquireAsync(key, permits).exceptionally((failure) -> {
			if (cause(failure) instanceof RateLimitStoreException ex) {
				return this.failures.decide(binding.policy(), key, permits, ex);
			}
			throw (failure instanceof CompletionException ex) ? ex : new CompletionException(failure);
		}).thenApply((decision) -> {
			binding.listeners().decided(key, permits, decision);
			return decision;
		});
	}

	@Override
	public Decision peek(String key) {
		Binding binding = this.binding;
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

	@Override
	public void reset(String key) {
		Binding binding = this.binding;
		RateLimitStore local = this.failures.local();
		if (local != null && binding.policy().failureMode() == FailureMode.LOCAL) {
			local.limiter(binding.policy()).reset(key);
		}
		binding.limiter().reset(key);
	}

	@Override
	public void giveBack(String key, long permits, long heldNanos) {
		Binding binding = this.binding;
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
