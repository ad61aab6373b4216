package io.ratelimit;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * One policy of {@link RateLimits}, applied to many keys. Stays valid when the policy is
 * replaced. Safe for use by many threads.
 */
public final class Limiter {

	private final StoreFailures failures;

	private final @Nullable Plans plans;

	private final @Nullable Limiter owner;

	private volatile Binding binding;

	/**
	 * Creates a limiter.
	 * @param plans the plans that keys may have; {@code null} if there are none
	 * @param owner the limiter that this is a plan of; {@code null} if it is none
	 */
	Limiter(Binding binding, StoreFailures failures, @Nullable Plans plans, @Nullable Limiter owner) {
		this.owner = owner;
		this.binding = binding;
		this.failures = failures;
		this.plans = plans;
	}

	/**
	 * Returns the policy as it stands now; it changes when the policy is replaced.
	 * @return the policy
	 */
	public Policy policy() {
		return this.binding.policy();
	}

	/**
	 * Returns a claim on this limiter's policy, to be decided with others.
	 * @param key who is being counted
	 * @param permits how many permits to take
	 * @return the claim
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	public Claim claim(String key, long permits) {
		return Claim.of(this, key, permits);
	}

	/**
	 * Takes a permit, or nothing.
	 * @param key who is being counted
	 * @return the decision
	 */
	public Decision tryAcquire(String key) {
		return tryAcquire(key, 1);
	}

	/**
	 * Takes permits, all of them or none, and never waits for them. Where the store
	 * cannot answer the policy's failure mode decides.
	 * @param key who is being counted
	 * @param permits how many permits
	 * @return the decision
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	public Decision tryAcquire(String key, long permits) {
		Objects.requireNonNull(key, "key");
		Binding binding = of(key).binding;
		Claim.requirePositive(permits);
		if (binding.isOff()) {
			return Decision.notCounted(binding.policy(), true);
		}
		Decision decision;
		try {
			decision = binding.bound().tryAcquire(key, permits);
			this.failures.answered();
		}
		catch (RateLimitStoreException ex) {
			Line line = new Line(binding, key, permits);
			this.failures.decide(line, ex);
			decision = line.decision();
		}
		binding.listeners().decided(key, permits, decision);
		return decision;
	}

	/**
	 * Takes permits, all of them or none, without holding the calling thread.
	 * @param key who is being counted
	 * @param permits how many permits
	 * @return the stage of the decision
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	public CompletionStage<Decision> tryAcquireAsync(String key, long permits) {
		return admitAsync(key, permits).thenApply((admission) -> admission.decisions().get(0));
	}

	/**
	 * Takes permits for one request or call, all of them or none, and never waits for
	 * them.
	 * @param key who is being counted
	 * @param permits how many permits
	 * @return the admission
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	public Admission admit(String key, long permits) {
		Line line = line(key, permits);
		line.take(this.failures);
		return line.admission(this.failures);
	}

	/**
	 * Takes permits for one request or call, all of them or none, without holding the
	 * calling thread.
	 * @param key who is being counted
	 * @param permits how many permits
	 * @return the stage of the admission
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	public CompletionStage<Admission> admitAsync(String key, long permits) {
		Claim.requirePositive(permits);
		if (this.plans == null) {
			return admitAsync(new Line(this.binding, key, permits));
		}
		return ofAsync(key).thenCompose((limiter) -> admitAsync(new Line(limiter.binding, key, permits)));
	}

	/**
	 * Decides a claim of one permit, and takes nothing.
	 * @param key who is being counted
	 * @return the decision; its remaining permits are those before any is taken
	 */
	public Decision peek(String key) {
		Line line = line(key, 1);
		line.peek(this.failures);
		return line.decision();
	}

	/**
	 * Decides on a request that does not say who it is from, and is denied for it.
	 * @return the decision, which denies
	 */
	public Decision denyWithoutKey() {
		Binding binding = this.binding;
		Decision decision = Decision.withoutKey(binding.policy());
		if (!binding.isOff()) {
			binding.listeners().decided("", 1, decision);
		}
		return decision;
	}

	/**
	 * Forgets what a key has used, and looks its plan up anew.
	 * @param key who is being counted
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	public void reset(String key) {
		Objects.requireNonNull(key, "key");
		if (this.plans == null) {
			forget(key);
			if (this.owner != null) {
				this.owner.reset(key);
			}
			return;
		}
		Limiter former = of(key);
		this.plans.forget(policy().name(), key);
		forget(key);
		Limiter next = of(key);
		if (former != this) {
			former.forget(key);
		}
		if (next != this && next != former) {
			next.forget(key);
		}
	}

	/**
	 * Forgets what every key has used, of this policy and of its plans, and looks all
	 * plans up anew. What was taken before is not given back afterwards. Meant for
	 * operators and tests: a store on other machines is looked through as a whole, which
	 * may take seconds.
	 * @throws RateLimitStoreException if the store stops to answer; some keys may be
	 * forgotten by then
	 */
	public void resetAll() {
		if (this.plans != null) {
			this.plans.forgetAll(policy().name());
			this.plans.of(this).forEach(Limiter::forgetAll);
		}
		forgetAll();
	}

	/**
	 * Returns whether this belongs to the rate limits of a place to note failures.
	 */
	boolean isOf(StoreFailures failures) {
		return this.failures == failures;
	}

	Binding binding() {
		return this.binding;
	}

	void replace(Binding binding) {
		this.binding = binding;
	}

	/**
	 * Starts to decide a claim on a key, by its plan if it has one.
	 */
	Line line(String key, long permits) {
		return new Line(of(key).binding, key, Claim.requirePositive(permits));
	}

	/**
	 * Returns the stage of a claim that is about to be decided: {@link #line} without
	 * holding the calling thread while the plan is looked up.
	 */
	CompletionStage<Line> lineAsync(String key, long permits) {
		return (this.plans != null) ? ofAsync(key).thenApply((limiter) -> new Line(limiter.binding, key, permits))
				: CompletableFuture.completedStage(new Line(this.binding, key, permits));
	}

	private CompletionStage<Admission> admitAsync(Line line) {
		return line.takeAsync(this.failures).thenApply((done) -> line.admission(this.failures));
	}

	/**
	 * Returns the limiter that decides on a key: this one, or that of the key's plan.
	 */
	private Limiter of(String key) {
		Limiter planned = (this.plans != null && !this.binding.isOff()) ? this.plans.limiter(this, key) : null;
		return (planned != null) ? planned : this;
	}

	private CompletionStage<Limiter> ofAsync(String key) {
		Plans plans = this.plans;
		if (plans == null || this.binding.isOff()) {
			return CompletableFuture.completedStage(this);
		}
		return plans.limiterAsync(this, key).thenApply((planned) -> (planned != null) ? planned : this);
	}

	/*
	 * The store goes first: where it does not answer nothing is forgotten.
	 */
	private void forget(String key) {
		Binding binding = this.binding;
		binding.bound().reset(key);
		BoundPolicy local = binding.local();
		if (local != null) {
			local.reset(key);
		}
	}

	private void forgetAll() {
		Binding binding = this.binding;
		binding.bound().resetAll();
		BoundPolicy local = binding.local();
		if (local != null) {
			local.resetAll();
		}
		binding.listeners().resetAll(binding.policy());
	}

}
