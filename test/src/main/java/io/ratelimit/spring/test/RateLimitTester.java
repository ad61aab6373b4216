package io.ratelimit.spring.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

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

	private static final String IN_PROCESS = "caffeine";

	private final RateLimits limits;

	private final BinaryOperator<String> typed;

	private final Supplier<String> store;

	private final @Nullable TestTime time;

	/**
	 * Test methods on one context: those with limits one at a time, those without
	 * together.
	 */
	private final ReentrantReadWriteLock turns = new ReentrantReadWriteLock(true);

	/** Modes of the policies that are switched off; guarded by this. */
	private final Map<String, Mode> modes = new HashMap<>();

	/** Number of running test methods and classes without limits; guarded by this. */
	private int unlimited;

	/** Whether a test method with limits has its turn; guarded by this. */
	private boolean limited;

	/**
	 * Creates a tester.
	 * @param typed converts a policy's name and a key as a person writes it to the key as
	 * it is counted
	 * @param store returns the name of the store
	 * @param time the time that limits go by; {@code null} if it is not a tester's to
	 * turn
	 */
	RateLimitTester(RateLimits limits, BinaryOperator<String> typed, Supplier<String> store, @Nullable TestTime time) {
		this.limits = limits;
		this.typed = typed;
		this.store = store;
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
	 * @throws IllegalStateException if nothing is counted
	 */
	public void exhaust(String policy, String key) {
		Limiter limiter = this.limits.limiter(policy);
		String counted = key(policy, key);
		// another limit may have less left than the one that binds
		long permits = Math.max(1, counted(limiter.peek(counted)).remaining());
		while (permits > 0) {
			if (!counted(limiter.tryAcquire(counted, permits)).allowed()) {
				permits /= 2;
			}
		}
	}

	/**
	 * Returns what a key has left of the limit that binds.
	 * @param policy name of the policy
	 * @param key the key as a person writes it
	 * @return the number of permits
	 * @throws IllegalArgumentException if there is no such policy
	 * @throws IllegalStateException if nothing is counted
	 */
	public long remaining(String policy, String key) {
		return counted(this.limits.limiter(policy).peek(key(policy, key))).remaining();
	}

	/**
	 * Turns the time that limits go by forward. It stays ahead for the tests that follow.
	 * @param time how far
	 * @throws IllegalStateException if limits are counted in Redis, which goes by its own
	 * time, or the application has a {@code Ticker} of its own
	 */
	public void advance(Duration time) {
		time().advance(time);
	}

	/**
	 * Stops the time that limits go by, until the test method ends: windows do not move
	 * while it runs, however slow it is. It can still be {@linkplain #advance turned}.
	 * @throws IllegalStateException if limits are counted in Redis, which goes by its own
	 * time, or the application has a {@code Ticker} of its own
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
			limited(true);
		}
		else {
			this.turns.readLock().lock();
			unlimited(1);
		}
	}

	/**
	 * Ends a test method.
	 */
	void end(boolean limited) {
		if (!limited && this.turns.getReadHoldCount() > 0) {
			unlimited(-1);
			this.turns.readLock().unlock();
		}
		else if (limited && this.turns.isWriteLockedByCurrentThread()) {
			if (this.time != null) {
				this.time.start();
			}
			limited(false);
			this.turns.writeLock().unlock();
		}
	}

	/**
	 * Begins a test class without limits: what is called before and after its methods is
	 * not limited. It has no turn, which could not end before those of its methods.
	 */
	void beginClass() {
		unlimited(1);
	}

	/**
	 * Ends a test class without limits.
	 */
	void endClass() {
		unlimited(-1);
	}

	private synchronized void unlimited(int change) {
		this.unlimited += change;
		switchLimits();
	}

	private synchronized void limited(boolean limited) {
		this.limited = limited;
		switchLimits();
	}

	/**
	 * Switches limits off while a method or class without limits runs, and on for the
	 * turn of a method with limits.
	 */
	private void switchLimits() {
		boolean off = this.unlimited > 0 && !this.limited;
		if (off && this.modes.isEmpty()) {
			switchOff();
		}
		else if (!off) {
			switchOn();
		}
	}

	private void switchOff() {
		Map<String, Policy> policies = new HashMap<>(this.limits.policies());
		policies.keySet().removeAll(this.limits.plans().keySet());
		policies.forEach((name, policy) -> {
			this.modes.put(name, policy.mode());
			this.limits.register(policy.withMode(Mode.OFF));
		});
	}

	/**
	 * Restores the modes. A policy that was changed meanwhile stays as it is.
	 */
	private void switchOn() {
		this.modes.forEach((name, mode) -> {
			Policy policy = this.limits.limiter(name).policy();
			if (policy.mode() == Mode.OFF) {
				this.limits.register(policy.withMode(mode));
			}
		});
		this.modes.clear();
	}

	private static Decision counted(Decision decision) {
		if (!decision.counted()) {
			Policy policy = decision.policy();
			throw new IllegalStateException("policy '%s' counts nothing: %s".formatted(policy.name(),
					(policy.mode() == Mode.OFF)
							? "it is switched off, by @WithoutRateLimits, ratelimit.enabled or its mode"
							: "its store does not answer"));
		}
		return decision;
	}

	private String key(String policy, String key) {
		Objects.requireNonNull(key, "key");
		return this.typed.apply(policy, key);
	}

	private TestTime time() {
		String store = this.store.get();
		if (!store.equals(IN_PROCESS)) {
			throw new IllegalStateException("limits are counted in %s, which goes by its own time: ".formatted(store)
					+ "set ratelimit.store=caffeine for this test, or write windows that it can wait for");
		}
		if (this.time == null) {
			throw new IllegalStateException("limits go by a Ticker of the application: turn that one");
		}
		return this.time;
	}

}
