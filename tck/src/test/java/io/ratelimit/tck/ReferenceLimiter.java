package io.ratelimit.tck;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;

/**
 * A policy of a {@link ReferenceStore}, by its name.
 */
class ReferenceLimiter implements BoundPolicy {

	final ReferenceStore store;

	final String name;

	ReferenceLimiter(ReferenceStore store, String name) {
		this.store = store;
		this.name = name;
	}

	@Override
	public Policy policy() {
		synchronized (this.store) {
			return this.store.policy(this.name);
		}
	}

	@Override
	public Decision tryAcquire(String key, long permits) {
		return this.store.tryAcquire(this.name, key, permits);
	}

	@Override
	public Decision peek(String key) {
		return this.store.peek(this.name, key);
	}

	@Override
	public void reset(String key) {
		this.store.reset(this.name, key);
	}

	@Override
	public void resetAll() {
		this.store.resetAll(this.name);
	}

	@Override
	public CompletionStage<?> giveBack(String key, long permits, Decision granted) {
		this.store.giveBack(this.name, key, permits, granted);
		return CompletableFuture.completedStage(null);
	}

	@Override
	public void replace(Policy policy) {
		this.store.replace(policy);
	}

}
