package io.ratelimit;

/**
 * Binds policies to the stores that count them, and to the listeners of their decisions.
 */
final class Bindings {

	private final RateLimitStore store;

	private final StoreFailures failures;

	private final Listeners listeners;

	Bindings(RateLimitStore store, StoreFailures failures, Listeners listeners) {
		this.store = store;
		this.failures = failures;
		this.listeners = listeners;
	}

	Binding bind(Policy policy) {
		return new Binding(policy, this.store.bind(policy), this.failures.bind(policy),
				this.listeners.forPolicy(policy));
	}

	/**
	 * Replaces the policy of a limiter at once.
	 */
	void replace(Limiter limiter, Policy policy) {
		Binding former = limiter.binding();
		former.bound().replace(policy);
		limiter.replace(new Binding(policy, former.bound(), this.failures.replace(former.local(), policy),
				this.listeners.forPolicy(policy)));
	}

}
