package io.ratelimit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The policies of an application, by name, over a store. Applies modes, failure modes and
 * plans, and calls listeners. Safe for use by many threads; policies can be replaced
 * while they are in use.
 */
public final class RateLimits {

	private final RateLimitStore store;

	private final StoreFailures failures;

	private final Outages outages;

	private final Bindings bindings;

	private final Map<String, Limiter> limiters = new ConcurrentHashMap<>();

	private final boolean enabled;

	private final @Nullable Plans plans;

	private RateLimits(Builder builder) {
		this.enabled = builder.enabled;
		this.store = builder.store;
		Listeners listeners = new Listeners(builder.listeners);
		this.outages = new Outages(builder.nanoTime, InstantSource.system());
		this.failures = new StoreFailures(builder.local, listeners, this.outages);
		this.bindings = new Bindings(builder.store, this.failures, listeners);
		LimitResolver resolver = builder.limitResolver;
		this.plans = (resolver != null) ? new Plans(resolver, builder.nanoTime, this.limiters::containsKey,
				(policy, owner) -> new Limiter(this.bindings.bind(policy), this.failures, null, owner),
				this.bindings::replace) : null;
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
	public Limiter register(Policy policy) {
		check(policy);
		Policy applied = this.enabled ? policy : policy.withMode(Mode.OFF);
		return this.limiters.compute(policy.name(), (name, known) -> {
			if (known == null) {
				return new Limiter(this.bindings.bind(applied), this.failures, this.plans, null);
			}
			this.bindings.replace(known, applied);
			return known;
		});
	}

	/**
	 * Checks that a policy can be registered, and registers nothing.
	 * @param policy the policy
	 * @throws IllegalArgumentException if that is not possible; the message says why
	 */
	public void check(Policy policy) {
		Objects.requireNonNull(policy, "policy");
		if (this.plans != null) {
			this.plans.requireNone(policy.name());
		}
		this.store.check(policy);
		this.failures.check(policy);
	}

	/**
	 * Returns the limiter of a policy.
	 * @param policy the policy's name, or that of a plan, {@code policy.plan}
	 * @return its limiter, which stays valid when the policy is replaced
	 * @throws IllegalArgumentException if there is no such policy; the message names
	 * those there are
	 */
	public Limiter limiter(String policy) {
		Objects.requireNonNull(policy, "the name of a policy is null");
		Limiter known = this.limiters.get(policy);
		Limiter limiter = (known == null && this.plans != null) ? this.plans.find(policy) : known;
		if (limiter == null) {
			throw new IllegalArgumentException(
					"there is no policy '%s': known are %s".formatted(policy, policies().keySet()));
		}
		return limiter;
	}

	/**
	 * Returns the policies as they stand now, and the plans that are in use.
	 * @return the policies by name, in alphabetical order
	 */
	public Map<String, Policy> policies() {
		Map<String, Policy> policies = new TreeMap<>(plans());
		this.limiters.forEach((name, limiter) -> policies.put(name, limiter.policy()));
		return Collections.unmodifiableMap(policies);
	}

	/**
	 * Returns the plans that are in use. Their limits come from the
	 * {@link LimitResolver}.
	 * @return the policies of the plans by name, in alphabetical order
	 */
	public Map<String, Policy> plans() {
		return (this.plans != null) ? Collections.unmodifiableMap(new TreeMap<>(this.plans.policies())) : Map.of();
	}

	/**
	 * Takes the permits of every claim of a request or call, or of none. This is so for
	 * enforced policies. Those in shadow mode neither block the charge nor are taken
	 * together with it: each is charged by itself once the enforced ones have allowed,
	 * and is only looked at where they refuse.
	 * @param claims the claims, at least one
	 * @return the admission, with a decision for each claim
	 * @throws IllegalArgumentException if there is none, or one of other rate limits
	 */
	public Admission admit(List<Claim> claims) {
		Objects.requireNonNull(claims, "claims");
		if (claims.size() == 1) {
			Claim claim = claims.get(0);
			Line line = Claim.limiter(claim, this.failures).line(claim.key(), claim.permits());
			line.take(this.failures);
			return line.admission(this.failures);
		}
		Round.requireAny(claims);
		Line[] lines = new Line[claims.size()];
		for (int i = 0; i < lines.length; i++) {
			Claim claim = claims.get(i);
			lines[i] = Claim.limiter(claim, this.failures).line(claim.key(), claim.permits());
		}
		return new Round(lines, this.store, this.failures).decide();
	}

	/**
	 * Takes the permits of every claim of a request or call, or of none, without holding
	 * the calling thread: see {@link #admit}.
	 * @param claims the claims, at least one
	 * @return the stage of the admission
	 * @throws IllegalArgumentException if there is none, or one of other rate limits
	 */
	public CompletionStage<Admission> admitAsync(List<Claim> claims) {
		Objects.requireNonNull(claims, "claims");
		if (claims.size() == 1) {
			return Claim.limiter(claims.get(0), this.failures).admitAsync(claims.get(0).key(), claims.get(0).permits());
		}
		Round.requireAny(claims);
		claims.forEach((claim) -> Claim.limiter(claim, this.failures));
		List<CompletableFuture<Line>> lines = claims.stream()
			.map((claim) -> claim.limiter().lineAsync(claim.key(), claim.permits()).toCompletableFuture())
			.toList();
		return CompletableFuture.allOf(lines.toArray(CompletableFuture<?>[]::new))
			.thenCompose((resolved) -> new Round(lines.stream().map(CompletableFuture::join).toArray(Line[]::new),
					this.store, this.failures)
				.decideAsync());
	}

	/**
	 * Forgets what every key has used of every policy, as {@link Limiter#resetAll()} does
	 * for one.
	 * @throws RateLimitStoreException if the store stops to answer; some keys may be
	 * forgotten by then
	 */
	public void resetAll() {
		this.limiters.values().forEach(Limiter::resetAll);
	}

	/**
	 * Asks the store whether it can count. Where it cannot, an outage begins or goes on,
	 * as it does with a decision; where it can, one may be over.
	 * @param patience longest time that this may take
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	public void ping(Duration patience) {
		this.failures.ping(this.store, patience);
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

	/**
	 * Builds {@link RateLimits}. Not safe for use by several threads.
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
		 * Sets the source of plans, whose limits apply to a key in place of its policy's
		 * own.
		 * @param limitResolver returns the plan of a key; called for every decision
		 * @return this builder
		 */
		public Builder limitResolver(LimitResolver limitResolver) {
			this.limitResolver = limitResolver;
			return this;
		}

		/**
		 * Adds listeners.
		 * @param listeners called after each decision
		 * @return this builder
		 */
		public Builder listeners(Collection<? extends RateLimitListener> listeners) {
			this.listeners.addAll(Objects.requireNonNull(listeners, "listeners"));
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
		public RateLimits build() {
			return new RateLimits(this);
		}

	}

}
