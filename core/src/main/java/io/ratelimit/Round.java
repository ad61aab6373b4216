package io.ratelimit;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides several claims of one admission: those on enforced policies together, then the
 * others each by itself.
 */
final class Round {

	private static final Line[] NONE = {};

	private final Line[] lines;

	private final Line[] enforced;

	private final Line[] others;

	private final RateLimitStore store;

	private final StoreFailures failures;

	Round(Line[] lines, RateLimitStore store, StoreFailures failures) {
		this.lines = lines;
		this.enforced = select(lines, true);
		this.others = select(lines, false);
		this.store = store;
		this.failures = failures;
	}

	static void requireAny(List<Claim> claims) {
		if (claims.isEmpty()) {
			throw new IllegalArgumentException("no claims: give at least one");
		}
	}

	private static Line[] select(Line[] lines, boolean enforced) {
		int count = 0;
		for (Line line : lines) {
			count += (line.binding.isEnforced() == enforced) ? 1 : 0;
		}
		if (count == 0 || count == lines.length) {
			return (count == 0) ? NONE : lines;
		}
		Line[] selected = new Line[count];
		int index = 0;
		for (Line line : lines) {
			if (line.binding.isEnforced() == enforced) {
				selected[index++] = line;
			}
		}
		return selected;
	}

	Admission decide() {
		decideTogether();
		boolean refused = isRefused();
		for (Line line : this.others) {
			if (refused) {
				line.peek(this.failures);
			}
			else {
				line.take(this.failures);
			}
		}
		return admission(refused);
	}

	CompletionStage<Admission> decideAsync() {
		return decideTogetherAsync().thenCompose((together) -> {
			boolean refused = isRefused();
			return CompletableFuture
				.allOf(Arrays.stream(this.others)
					.map((line) -> refused ? line.peekAsync(this.failures) : line.takeAsync(this.failures))
					.map(CompletionStage::toCompletableFuture)
					.toArray(CompletableFuture<?>[]::new))
				.thenApply((each) -> admission(refused));
		});
	}

	private void decideTogether() {
		if (this.enforced.length == 1) {
			this.enforced[0].take(this.failures);
		}
		else if (this.enforced.length > 0) {
			try {
				answered(this.store.tryAcquireAll(claims()));
			}
			catch (RateLimitStoreException ex) {
				this.failures.decide(Arrays.asList(this.enforced), ex);
			}
		}
	}

	private CompletionStage<?> decideTogetherAsync() {
		if (this.enforced.length == 0) {
			return CompletableFuture.completedStage(null);
		}
		if (this.enforced.length == 1) {
			return this.enforced[0].takeAsync(this.failures);
		}
		return this.store.tryAcquireAllAsync(claims()).handle((decisions, failure) -> {
			if (failure == null) {
				answered(decisions);
			}
			else {
				this.failures.decide(Arrays.asList(this.enforced), Line.storeFailure(failure));
			}
			return null;
		});
	}

	private List<BoundClaim> claims() {
		return (this.enforced.length == 2) ? List.of(this.enforced[0], this.enforced[1]) : List.of(this.enforced);
	}

	private void answered(List<Decision> decisions) {
		for (int i = 0; i < decisions.size(); i++) {
			Line line = this.enforced[i];
			line.decided(decisions.get(i), line.policy());
		}
		this.failures.answered();
	}

	private boolean isRefused() {
		for (Line line : this.enforced) {
			if (line.refuses()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Calls the listeners; of a refused request with the denials only.
	 */
	private Admission admission(boolean refused) {
		for (Line line : this.lines) {
			if (refused) {
				line.notTaken();
			}
			Decision decision = line.decision();
			boolean denied = !decision.allowed() && (line.binding.isEnforced() || decision.counted());
			if (refused ? denied : !line.binding.isOff()) {
				line.tell();
			}
		}
		return new Admission(this.lines, this.failures);
	}

}
