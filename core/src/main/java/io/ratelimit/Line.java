package io.ratelimit;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * A claim of an admission while it is decided, and what it has taken. Written by one
 * thread at a time.
 */
final class Line extends BoundClaim {

	final Binding binding;

	private @Nullable Decision decision;

	/** Where the permits were taken. */
	private @Nullable BoundPolicy source;

	Line(Binding binding, String key, long permits) {
		super(binding.bound(), key, permits);
		this.binding = binding;
	}

	Decision decision() {
		return Objects.requireNonNull(this.decision, "not decided yet");
	}

	boolean refuses() {
		return decision().refuses();
	}

	/**
	 * Notes a decision.
	 * @param source where its permits were taken if it allows; {@code null} if nothing
	 * was
	 */
	void decided(Decision decision, @Nullable BoundPolicy source) {
		this.decision = decision;
		this.source = (decision.allowed() && decision.counted()) ? source : null;
	}

	/**
	 * Notes that nothing was taken, as another claim was refused.
	 */
	void notTaken() {
		this.source = null;
	}

	/**
	 * Takes the permits of this claim alone.
	 */
	void take(StoreFailures failures) {
		if (this.binding.isOff()) {
			decided(Decision.notCounted(this.binding.policy(), true), null);
			return;
		}
		try {
			decided(policy().tryAcquire(key(), permits()), policy());
			failures.answered();
		}
		catch (RateLimitStoreException ex) {
			failures.decide(this, ex);
		}
	}

	/**
	 * Takes the permits of this claim alone, without holding the calling thread.
	 */
	CompletionStage<?> takeAsync(StoreFailures failures) {
		if (this.binding.isOff()) {
			take(failures);
			return CompletableFuture.completedStage(null);
		}
		return policy().tryAcquireAsync(key(), permits()).handle((answer, failure) -> {
			if (failure == null) {
				decided(answer, policy());
				failures.answered();
			}
			else {
				failures.decide(this, storeFailure(failure));
			}
			return null;
		});
	}

	/**
	 * Decides without taking anything.
	 */
	void peek(StoreFailures failures) {
		if (this.binding.isOff()) {
			decided(Decision.notCounted(this.binding.policy(), true), null);
			return;
		}
		try {
			decided(failures.peeked(this, policy().peek(key())), null);
		}
		catch (RateLimitStoreException ex) {
			decided(failures.peek(this, ex), null);
		}
	}

	/**
	 * Decides without taking anything, and without holding the calling thread.
	 */
	CompletionStage<?> peekAsync(StoreFailures failures) {
		if (this.binding.isOff()) {
			peek(failures);
			return CompletableFuture.completedStage(null);
		}
		return policy().peekAsync(key()).handle((answer, failure) -> {
			decided((failure == null) ? failures.peeked(this, answer) : failures.peek(this, storeFailure(failure)),
					null);
			return null;
		});
	}

	/**
	 * Gives back what was taken, to where it was taken.
	 */
	void giveBack(StoreFailures failures) {
		BoundPolicy source = this.source;
		if (source != null) {
			this.source = null;
			failures.watch(() -> source.giveBack(key(), permits(), decision()));
		}
	}

	/**
	 * Calls the listeners, unless the decision is a mere look.
	 */
	void tell() {
		this.binding.listeners().decided(key(), permits(), decision());
	}

	/**
	 * Returns the admission that consists of this claim alone, and calls the listeners.
	 */
	Admission admission(StoreFailures failures) {
		if (!this.binding.isOff()) {
			tell();
		}
		return new Admission(this, failures);
	}

	/**
	 * Returns what a stage of a store has failed with.
	 * @throws CompletionException if that is no failure of a store
	 */
	static RateLimitStoreException storeFailure(Throwable failure) {
		Throwable cause = failure;
		while (cause instanceof CompletionException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		if (cause instanceof RateLimitStoreException ex) {
			return ex;
		}
		throw new CompletionException(cause);
	}

}
