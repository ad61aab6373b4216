package io.ratelimit.caffeine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * One policy of a {@link CaffeineRateLimitStore}.
 */
final class CaffeinePolicy implements BoundPolicy {

	/** The place of this policy in the order in which cells are locked. */
	final int ordinal;

	private final StoreClock clock;

	private final Function<PolicyCounter, Cells> cells;

	private final BoundPolicies siblings;

	private final Resets resets = new Resets();

	private volatile Generation generation;

	/**
	 * Binds a policy.
	 * @param ordinal its place in the order in which cells are locked
	 * @param cells makes the cells for a policy
	 * @param siblings the policies of its store
	 */
	CaffeinePolicy(Policy policy, int ordinal, StoreClock clock, Function<PolicyCounter, Cells> cells,
			BoundPolicies siblings) {
		this.siblings = siblings;
		this.ordinal = ordinal;
		this.clock = clock;
		this.cells = cells;
		this.generation = generation(new PolicyCounter(policy, clock, null), null);
	}

	@Override
	public Policy policy() {
		return this.generation.counter.policy;
	}

	@Override
	public Decision tryAcquire(String key, long permits) {
		Claim.requirePositive(permits);
		while (true) {
			Generation generation = this.generation;
			PolicyCounter counter = generation.counter;
			long now = this.clock.now(); // not before the limits of this generation began
											// to count
			if (permits > counter.capacity) {
				return view(key, permits);
			}
			Cell cell = generation.cell(key);
			Decision repeated = generation.refusals.repeat(key, cell, now, permits);
			if (repeated != null && generation == this.generation) {
				return repeated;
			}
			boolean contended = !cell.tryLock();
			if (contended && !cell.awaitLock()) {
				generation.remove(key, cell);
				continue;
			}
			boolean refusing = false;
			try {
				if (generation != this.generation) {
					continue;
				}
				long offset = this.clock.offset();
				Decision decision = counter.decide(cell, now, permits, true);
				refusing = contended && !decision.allowed();
				if (refusing) {
					generation.refusals.publish(key, Refusal.of(cell, permits, now, offset, decision));
				}
				return decision;
			}
			finally {
				cell.unlock(refusing);
			}
		}
	}

	@Override
	public Decision peek(String key) {
		return view(key, 1);
	}

	/**
	 * Decides a claim, and takes nothing.
	 */
	private Decision view(String key, long permits) {
		while (true) {
			Generation generation = this.generation;
			PolicyCounter counter = generation.counter;
			long now = this.clock.now();
			Cell known = generation.cellIfUsed(key);
			Cell cell = (known != null) ? known : counter.newCell();
			if (!cell.lock()) {
				generation.remove(key, cell);
				continue;
			}
			try {
				if (generation == this.generation) {
					return counter.decide(cell, now, permits, false);
				}
			}
			finally {
				cell.unlock();
			}
		}
	}

	@Override
	public void reset(String key) {
		while (true) {
			Generation generation = this.generation;
			Cell cell = generation.cellIfUsed(key);
			if (cell == null) {
				if (generation == this.generation) {
					return;
				}
			}
			else if (!cell.lock()) {
				generation.remove(key, cell);
			}
			else if (generation != this.generation) {
				cell.unlock();
			}
			else {
				this.resets.add(key, this.clock);
				cell.retire();
				generation.remove(key, cell);
				return;
			}
		}
	}

	/**
	 * Begins a generation without cells. Claims that are just decided on cells of the
	 * former are decided anew.
	 */
	@Override
	public synchronized void resetAll() {
		this.resets.addAll(this.clock, () -> this.generation = generation(this.generation.counter, null));
	}

	@Override
	public CompletionStage<?> giveBack(String key, long permits, Decision granted) {
		Claim.requirePositive(permits);
		long now = this.clock.now();
		while (true) {
			Generation generation = this.generation;
			Cell cell = generation.cellIfUsed(key);
			if (cell == null) {
				if (generation == this.generation) {
					return CompletableFuture.completedStage(null);
				}
				continue;
			}
			if (!cell.lock()) {
				generation.remove(key, cell);
				continue;
			}
			try {
				if (generation == this.generation) {
					if (!this.resets.haveForgotten(key, granted.moment())) {
						generation.counter.giveBack(cell, now, permits, granted);
					}
					return CompletableFuture.completedStage(null);
				}
			}
			finally {
				cell.unlock();
			}
		}
	}

	/**
	 * Replaces the policy at once, and moves what its keys have used on the calling
	 * thread.
	 */
	@Override
	public synchronized void replace(Policy policy) {
		Generation former = this.generation;
		if (policy.equals(former.counter.policy)) {
			return;
		}
		if (policy.limits().equals(former.counter.policy.limits())) {
			this.generation = former.with(policy);
			return;
		}
		Generation next = generation(new PolicyCounter(policy, this.clock, former.counter), former);
		this.generation = next;
		next.adoptAll();
		this.siblings.replaced(this, former.counter.policy, policy);
	}

	@Override
	public void close() {
		this.siblings.close(this);
	}

	Generation generation() {
		return this.generation;
	}

	private Generation generation(PolicyCounter counter, @Nullable Generation former) {
		return new Generation(counter, this.cells.apply(counter), this.clock, former);
	}

}
