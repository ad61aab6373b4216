package io.ratelimit.spring.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BinaryOperator;

import io.ratelimit.Decision;
import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.Nullable;

/**
 * The limits of the application under test, to be injected into it: they can be used up,
 * forgotten and looked at, and their time can be turned. Keys are written as a person
 * would write them: {@code 203.0.113.7}, {@code Alice}, an API key. Safe for use by many
 * threads.
 */
public final class RateLimitTester {

	private final RateLimits limits;

	private final BinaryOperator<String> typed;

	private final @Nullable TestTime time;

	/**
	 * Test methods on one context: those with limits one at a time, those without
	 * together.
	 */
	private final ReentrantReadWriteLock turns = new ReentrantReadWriteLock(true);

	/** Modes of the policies that are switched off; guarded by this. */
	private final Map<String, Mode> modes = new HashMap<>();

	/** Test methods that have the limits switched off; guarded by this. */
	private int without;

	/**
	 * Creates a tester.
	 * @param typed converts a policy's name and a key as a person writes it to the key as
	 * it is counted
	 * @param time the time that limits go by; {@code null} if it is not a tester's to
	 * turn
	 */
	RateLimitTester(RateLimits limits, BinaryOperator<String> typed, @Nullable TestTime time) {
		this.limits = limits;
		this.typed = typed;
		this.time = time;
	}

	/**
	 * Forgets everything that was counted, of all policies.
	 */
	public void resetAll() {
		this.limits.resetAll();
	}

	/**
	 * Forgets everything that was counted of a policy.
	 * @param policy name of the policy
	 * @throws IllegalArgumentException if there is no such policy
	 */
	public void resetAll(String policy) {
		this.limits.limiter(policy).resetAll();
	}

	/**
	 * Forgets what a key has used.
	 * @param policy name of the policy
	 * @param key the key as a person writes it
	 * @throws IllegalArgumentException if there is no such policy
	 */
	public void reset(String policy, String key) {
		this.limits.limiter(policy).reset(key(policy, key));
	}

	/**
	 * Takes all that a key has left, so that its next request is refused.
	 * @param policy name of the policy
	 * @param key the key as a person writes it
	 * @throws IllegalArgumentException if there is no such policy
	 */
	public void exhaust(String policy, String key) {
		Limiter limiter = this.limits.limiter(policy);
		String counted = key(policy, key);
		for (Decision left = limiter.peek(counted); left.counted() && left.allowed(); left = limiter.peek(counted)) {
			limiter.tryAcquire(counted, Math.max(1, left.remaining()));
		}
	}

	/**
	 * Returns what a key has left of the limit that binds.
	 * @param policy name of the policy
	 * @param key the key as a person writes it
	 * @return the number of permits
	 * @throws IllegalArgumentException if there is no such policy
	 */
	public long remaining(String policy, String key) {
		return this.limits.limiter(policy).peek(key(policy, key)).remaining();
	}

	/**
	 * Turns the time that limits go by forward. It stays ahead for the tests that follow.
	 * Nothing is turned of limits that are counted in Redis, which goes by its own time.
	 * @param time how far
	 * @throws IllegalStateException if the application has a {@code Ticker} of its own
	 */
	public void advance(Duration time) {
		time().advance(time);
	}

	/**
	 * Stops the time that limits go by, until the test method ends: windows do not move
	 * while it runs, however slow it is. It can still be {@linkplain #advance turned}.
	 * @throws IllegalStateException if the application has a {@code Ticker} of its own
	 */
	public void stopTime() {
		time().stop();
	}

	/**
	 * Begins a test method, which waits for its turn.
	 */
	void begin(boolean limited) {
		if (limited) {
			this.turns.writeLock().lock();
		}
		else {
			this.turns.readLock().lock();
			switchOff();
		}
	}

	/**
	 * Ends a test method.
	 */
	void end(boolean limited) {
		if (!limited && this.turns.getReadHoldCount() > 0) {
			switchOn();
			this.turns.readLock().unlock();
		}
		else if (limited && this.turns.isWriteLockedByCurrentThread()) {
			if (this.time != null) {
				this.time.start();
			}
			this.turns.writeLock().unlock();
		}
	}

	private synchronized void switchOff() {
		if (this.without++ == 0) {
			Map<String, Policy> policies = new HashMap<>(this.limits.policies());
			policies.keySet().removeAll(this.limits.plans().keySet());
			policies.forEach((name, policy) -> {
				this.modes.put(name, policy.mode());
				this.limits.register(policy.withMode(Mode.OFF));
			});
		}
	}

	/**
	 * Restores the modes. A policy that was changed meanwhile stays as it is.
	 */
	private synchronized void switchOn() {
		if (--this.without == 0) {
			this.modes.forEach((name, mode) -> {
				Policy policy = this.limits.limiter(name).policy();
				if (policy.mode() == Mode.OFF) {
					this.limits.register(policy.withMode(mode));
				}
			});
			this.modes.clear();
		}
	}

	private String key(String policy, String key) {
		return this.typed.apply(policy, key);
	}

	private TestTime time() {
		if (this.time == null) {
			throw new IllegalStateException("limits go by a Ticker of the application: turn that one");
		}
		return this.time;
	}

}
