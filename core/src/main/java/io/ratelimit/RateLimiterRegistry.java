package io.ratelimit;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The policies of an application, by name, over a store: what modes and failure modes ask
 * for is done here, and listeners are told. Safe for use by many threads; policies can be
 * replaced while they are in use.
 */
public final class RateLimiterRegistry {

	private final RateLimitStore store;

	private final StoreFailures failures;

	private final Outages outages;

	private final Listeners listeners;

	private final Map<String, RegisteredLimiter> limiters = new ConcurrentHashMap<>();

	private final boolean enabled;

	private final @Nullable Plans plans;

	private RateLimiterRegistry(Builder builder) {
		LimitResolver resolver = builder.limitResolver;
		this.plans = (resolver != null) ? new Plans(resolver, this::bindPlan) : null;
		this.enabled = builder.enabled;
		this.store = builder.store;
		this.listeners = new Listeners(builder.listeners);
		this.outages = new Outages(builder.nanoTime, InstantSource.system());
		this.failures = new StoreFailures(builder.local, this.listeners, this.outages);
	}

	/**
	 * Starts to build a registry.
	 * @param store where permits are counted
	 * @return a builder
	 */
	public static Builder builder(RateLimitStore store) {
		return new Builder(store);
	}

	/**
	 * Adds a policy, or replaces the one of the same name at once, also in limiters that
	 * were handed out before.
	 * @param policy the policy
	 * @return its limiter, which stays valid
	 * @throws IllegalArgumentException if the store cannot count by the policy, or its
	 * name is that of a plan, whose limits come from elsewhere; the message says which
	 */
	public RateLimiter register(Policy policy) {
		requireNoPlan(policy.name());
		return bind(this.enabled ? policy : policy.withMode(Mode.OFF));
	}

	/**
	 * Checks that a policy can be registered, and registers nothing.
	 * @param policy the policy
	 * @throws IllegalArgumentException if that is not possible; the message says why
	 */
	public void check(Policy policy) {
		requireNoPlan(policy.name());
		this.store.check(policy);
	}

	private void requireNoPlan(String name) {
		RegisteredLimiter known = this.limiters.get(name);
		String owner = (known != null) ? known.planOf() : null;
		if (owner != null) {
			throw new IllegalArgumentException(
					("'%s' is a plan of policy '%s': its limits come from the LimitResolver, "
							+ "and its mode is that of '%s'; change it there")
						.formatted(name, owner, owner));
		}
	}

	private RateLimiter bind(Policy policy) {
		return bind(policy, null);
	}

	/**
	 * Binds the policy of a plan, which has no plans itself.
	 */
	private RegisteredLimiter bindPlan(Policy planned, Policy policy) {
		RegisteredLimiter known = this.limiters.get(planned.name());
		if (known != null && !policy.name().equals(known.planOf())) {
			throw new IllegalArgumentException(
					"there is another policy of that name, so give the plan or the policy another name");
		}
		return bind(planned, policy.name());
	}

	private RegisteredLimiter bind(Policy policy, @Nullable String planOf) {
		return this.limiters.compute(policy.name(), (name, known) -> {
			RateLimiter bound = this.store.limiter(policy);
			this.failures.bind(policy);
			Listeners told = this.listeners.forPolicy(policy);
			if (known == null) {
				return new RegisteredLimiter(policy, bound, this.failures, told, this.plans, planOf);
			}
			known.replace(policy, bound, told);
			return known;
		});
	}

	/**
	 * Returns the limiter of a policy.
	 * @param policy the policy's name
	 * @return its limiter, which stays valid when the policy is replaced
	 * @throws IllegalArgumentException if there is no such policy; the message names
	 * those there are
	 */
	public RateLimiter limiter(String policy) {
		RateLimiter limiter = this.limiters.get(policy);
		if (limiter == null) {
			throw new IllegalArgumentException(
					"there is no policy '%s': known are %s".formatted(policy, new TreeMap<>(this.limiters).keySet()));
		}
		return limiter;
	}

	/**
	 * Returns the policies as they stand now.
	 * @return the policies by name, in alphabetical order
	 */
	public Map<String, Policy> policies() {
		Map<String, Policy> policies = new TreeMap<>();
		this.limiters.forEach((name, limiter) -> policies.put(name, limiter.policy()));
		return Collections.unmodifiableMap(policies);
	}

	/**
	 * Takes the permits of every claim or of none, as far as policies are enforced. Those
	 * in shadow mode are asked each for itself once the others have allowed, and neither
	 * keep the others from being charged nor are kept from it. Where the others refuse,
	 * those in shadow mode are only asked what they would have said.
	 * @param claims the claims, on policies of this registry
	 * @return a decision for each claim, in order; permits were taken if none of them
	 * {@linkplain Decision#refuses() refuses}
	 */
	public List<Decision> tryAcquireAll(List<Claim> claims) {
		if (claims.size() == 1) {
			Claim claim = claims.get(0);
			return List.of(registered(claim).tryAcquire(claim.key(), claim.permits()));
		}
		RegisteredLimiter[] limiters = new RegisteredLimiter[claims.size()];
		boolean[] enforced = new boolean[claims.size()];
		List<Claim> together = new ArrayList<>(claims.size());
		for (int i = 0; i < limiters.length; i++) {
			Claim claim = claims.get(i);
			RegisteredLimiter limiter = registered(claim);
			limiters[i] = limiter.of(claim.key());
			enforced[i] = limiters[i].policy().mode() == Mode.ENFORCE;
			if (enforced[i]) {
				together.add((limiters[i] == limiter) ? claim
						: new Claim(limiters[i].policy(), claim.key(), claim.permits()));
			}
		}
		Iterator<Decision> answers = (together.isEmpty() ? List.<Decision>of() : askStore(together)).iterator();
		Decision[] decisions = new Decision[limiters.length];
		boolean refused = false;
		for (int i = 0; i < limiters.length; i++) {
			if (enforced[i]) {
				decisions[i] = answers.next();
				refused |= !decisions[i].allowed();
			}
		}
		for (int i = 0; i < limiters.length; i++) {
			Claim claim = claims.get(i);
			if (!enforced[i] && !refused) {
				decisions[i] = limiters[i].tryAcquire(claim.key(), claim.permits());
				continue;
			}
			if (!enforced[i]) {
				decisions[i] = limiters[i].peek(claim.key());
			}
			if (enforced[i] ? !refused || !decisions[i].allowed() : decisions[i].counted() && !decisions[i].allowed()) {
				limiters[i].decided(claim.key(), claim.permits(), decisions[i]);
			}
		}
		return List.of(decisions);
	}

	/**
	 * Decides on a request that does not say who it is from, and is denied for it.
	 * @param policy the policy's name
	 * @return the decision
	 */
	public Decision denyWithoutKey(String policy) {
		RegisteredLimiter limiter = registered(policy);
		Decision decision = Decision.withoutKey(limiter.policy());
		if (decision.policy().mode() != Mode.OFF) {
			limiter.decided("", 1, decision);
		}
		return decision;
	}

	/**
	 * Returns the outage of the store that goes on, or else the last one.
	 * @return the outage, or {@code null} if the store has always answered
	 */
	public @Nullable Outage outage() {
		return this.outages.latest();
	}

	/**
	 * Returns how many outages of the store have begun.
	 * @return the number of outages so far
	 */
	public long outages() {
		return this.outages.total();
	}

	private List<Decision> askStore(List<Claim> claims) {
		try {
			List<Decision> decisions = this.store.tryAcquireAll(claims);
			this.failures.answered();
			return decisions;
		}
		catch (RateLimitStoreException ex) {
			List<Claim> current = claims.stream()
				.map((claim) -> new Claim(registered(claim).policy(), claim.key(), claim.permits()))
				.toList();
			return this.failures.decide(current, ex);
		}
	}

	private RegisteredLimiter registered(Claim claim) {
		return registered(claim.policy().name());
	}

	private RegisteredLimiter registered(String policy) {
		return (RegisteredLimiter) limiter(policy);
	}

	/**
	 * Builds a {@link RateLimiterRegistry}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final RateLimitStore store;

		private final List<RateLimitListener> listeners = new ArrayList<>();

		private @Nullable RateLimitStore local;

		private boolean enabled = true;

		private @Nullable LimitResolver limitResolver;

		private LongSupplier nanoTime = System::nanoTime;

		private Builder(RateLimitStore store) {
			this.store = Objects.requireNonNull(store, "store");
		}

		/**
		 * Sets the store of policies whose failure mode is {@link FailureMode#LOCAL}, and
		 * of those that allow while the other store is full.
		 * @param local an in-process store; without one policies of the first kind refuse
		 * @return this builder
		 */
		public Builder local(RateLimitStore local) {
			this.local = local;
			return this;
		}

		/**
		 * Sets whether anything is limited. If not, every policy is {@linkplain Mode#OFF
		 * off}.
		 * @param enabled whether policies apply
		 * @return this builder
		 */
		public Builder enabled(boolean enabled) {
			this.enabled = enabled;
			return this;
		}

		/**
		 * Sets who tells that a key has other limits than its policy's own.
		 * @param limitResolver tells the plan of a key; asked for every decision
		 * @return this builder
		 */
		public Builder limitResolver(LimitResolver limitResolver) {
			this.limitResolver = limitResolver;
			return this;
		}

		/**
		 * Adds listeners.
		 * @param listeners whom to tell
		 * @return this builder
		 */
		public Builder listeners(Collection<? extends RateLimitListener> listeners) {
			this.listeners.addAll(listeners);
			return this;
		}

		/**
		 * Sets another clock, that a test turns.
		 */
		Builder clock(LongSupplier nanoTime) {
			this.nanoTime = nanoTime;
			return this;
		}

		/**
		 * Builds the registry.
		 * @return a new registry without policies
		 */
		public RateLimiterRegistry build() {
			return new RateLimiterRegistry(this);
		}

	}

}
