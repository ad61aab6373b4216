package io.ratelimit.tck;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.SlidingWindow;

/**
 * A store that remembers every grant and works each decision out anew, one at a time.
 * Slow and right, for faults to be put into: each step is a method of its own.
 */
class ReferenceStore implements RateLimitStore {

	final FakeTicker ticker;

	final Map<Object, Usage> usages = new HashMap<>();

	private final Map<String, Policy> policies = new HashMap<>();

	private final Instant start;

	ReferenceStore(FakeTicker ticker) {
		this.ticker = ticker;
		this.start = ticker.instant();
	}

	@Override
	public synchronized BoundPolicy bind(Policy policy) {
		replace(policy);
		return new ReferenceLimiter(this, policy.name());
	}

	@Override
	public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
		return decideAll(claims.stream()
			.map((claim) -> new NamedClaim(claim.policy().policy(), claim.key(), claim.permits()))
			.toList());
	}

	synchronized List<Decision> decideAll(List<NamedClaim> claims) {
		Map<Object, Long> sums = new HashMap<>();
		for (NamedClaim claim : claims) {
			sums.merge(nameOf(claim.policy().name(), claim.key()), claim.permits(),
					(one, other) -> (one + other < 0) ? Long.MAX_VALUE : one + other);
		}
		List<Decision> views = claims.stream()
			.map((claim) -> decide(claim, sums.get(nameOf(claim.policy().name(), claim.key())), 0))
			.toList();
		if (!views.stream().allMatch(Decision::allowed)) {
			return views;
		}
		return claims.stream().map((claim) -> tryAcquire(claim.policy().name(), claim.key(), claim.permits())).toList();
	}

	@Override
	public void close() {
		// holds nothing but memory
	}

	long now() {
		return Duration.between(this.start, this.ticker.instant()).toNanos();
	}

	Model model(Limit limit) {
		return Model.of(limit, this.start, this.ticker.resolution().toNanos());
	}

	Object nameOf(String policy, String key) {
		return List.of(policy, key);
	}

	Policy policy(String name) {
		return this.policies.get(name);
	}

	synchronized void replace(Policy policy) {
		Policy former = this.policies.put(policy.name(), policy);
		if (former != null && !former.limits().equals(policy.limits())) {
			this.usages.values().stream().filter((usage) -> usage.policy.equals(policy.name())).forEach((usage) -> {
				List<Ledger> ledgers = new ArrayList<>(usage.ledgers);
				usage.ledgers.clear();
				policy.limits().forEach((limit) -> usage.ledgers.add(adopt(limit, ledgers)));
			});
		}
	}

	Ledger adopt(Limit limit, List<Ledger> ledgers) {
		for (Ledger former : ledgers) {
			if (former.limit.countsLike(limit)) {
				ledgers.remove(former);
				Ledger ledger = new Ledger(limit, former.begin);
				ledger.grants.addAll(former.grants);
				if (limit instanceof LeakyBucket && limit.permits() != former.limit.permits()) {
					long queued = replay(former).delay(1, now());
					long window = limit.window().toNanos();
					ledger.grants.clear();
					ledger.grants.add(new Grant(now(), (queued * limit.permits() + window - 1) / window));
				}
				return ledger;
			}
		}
		return new Ledger(limit, now());
	}

	synchronized Decision tryAcquire(String policy, String key, long permits) {
		Decision decision = decide(new NamedClaim(policy(policy), key, Claim.requirePositive(permits)), permits,
				permits);
		if (decision.allowed()) {
			charge(policy, key, permits);
		}
		return decision;
	}

	synchronized Decision peek(String policy, String key) {
		return decide(new NamedClaim(policy(policy), key, 1), 1, 0);
	}

	synchronized void reset(String policy, String key) {
		this.usages.put(nameOf(policy, key), new Usage(policy(policy), now() + 1));
	}

	synchronized void resetAll(String policy) {
		this.usages
			.replaceAll((name, usage) -> usage.policy.equals(policy) ? new Usage(policy(policy), now() + 1) : usage);
	}

	synchronized void charge(String policy, String key, long permits) {
		for (Ledger ledger : usage(policy, key).ledgers) {
			ledger.grants.add(new Grant(now(), permits));
		}
	}

	synchronized void giveBack(String policy, String key, long permits, Decision granted) {
		Claim.requirePositive(permits);
		for (Ledger ledger : usage(policy, key).ledgers) {
			if (ledger.begin <= granted.moment()) {
				giveBack(ledger, permits, now() - granted.moment());
			}
		}
	}

	void giveBack(Ledger ledger, long permits, long heldNanos) {
		long window = ledger.limit.window().toNanos();
		if (ledger.limit instanceof LeakyBucket || heldNanos >= 100 * window) {
			return;
		}
		if (ledger.limit instanceof SlidingWindow) {
			ledger.remove((heldNanos < window) ? permits : 0, now() - heldNanos);
		}
		else if (ledger.limit instanceof FixedWindow) {
			FixedModel boundaries = new FixedModel(ledger.limit, this.start, 1);
			boolean same = boundaries.nextBoundary(now() - heldNanos) == boundaries.nextBoundary(now());
			ledger.remove(same ? permits : 0, now() - heldNanos);
		}
		else {
			ledger.remove(permits - (heldNanos * ledger.limit.permits() + window - 1) / window, 0);
		}
	}

	/**
	 * Decides on a claim, and tells what would be left if some permits were taken.
	 */
	Decision decide(NamedClaim claim, long permits, long taken) {
		Policy policy = policy(claim.policy().name());
		List<Model> models = usage(policy.name(), claim.key()).ledgers.stream().map(this::replay).toList();
		Decision denied = null;
		for (Model model : models.stream()
			.sorted(Comparator.comparing((model) -> model.retryAfter(permits, now())))
			.toList()) {
			if (model.retryAfter(permits, now()) > 0) {
				denied = Decision.denied(policy, model.limit, model.remaining(now()), model.retryAfter(permits, now()),
						model.resetAfter(now()), denied);
			}
		}
		return (denied != null) ? denied : allow(policy, models, permits, taken);
	}

	Decision allow(Policy policy, List<Model> models, long permits, long taken) {
		long delay = 0;
		for (Model model : models) {
			delay = Math.max(delay, model.roundUp(model.delay(permits, now())));
			if (taken > 0) {
				model.take(taken, now());
			}
		}
		Model binding = models.stream()
			.min(Comparator.comparing((model) -> (double) model.remaining(now()) / model.limit.capacity()))
			.orElseThrow();
		return Decision.allowed(policy, binding.limit, binding.remaining(now()), delay, binding.resetAfter(now()),
				now());
	}

	Usage usage(String policy, String key) {
		return this.usages.computeIfAbsent(nameOf(policy, key), (name) -> new Usage(policy(policy), Long.MIN_VALUE));
	}

	Model replay(Ledger ledger) {
		Model model = model(ledger.limit);
		for (Grant grant : ledger.grants) {
			model.take(grant.permits(), grant.moment());
		}
		if (model.remaining(now()) == ledger.limit.capacity() && model.delay(1, now()) == 0) {
			ledger.grants.clear();
		}
		return model;
	}

}
