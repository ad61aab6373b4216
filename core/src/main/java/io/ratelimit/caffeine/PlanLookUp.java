package io.ratelimit.caffeine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.ratelimit.LimitResolver;
import io.ratelimit.Plan;
import org.jspecify.annotations.Nullable;

/**
 * One question to a {@link LimitResolver}, for which any number of threads wait.
 */
final class PlanLookUp {

	private final Question question;

	private final End end;

	private final long begin = System.nanoTime();

	private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

	private final AtomicReference<State> state = new AtomicReference<>(State.IN_TIME);

	PlanLookUp(Question question, End end) {
		this.question = question;
		this.end = end;
	}

	Question question() {
		return this.question;
	}

	/**
	 * Returns how long the look-up has taken so far, from the first request on.
	 */
	long nanos() {
		return System.nanoTime() - this.begin;
	}

	/**
	 * Asks the resolver.
	 */
	void run(LimitResolver resolver) {
		Plan plan = null;
		Throwable failure = null;
		try {
			plan = resolver.plan(this.question.policy(), this.question.key());
		}
		catch (Throwable ex) {
			failure = ex;
		}
		boolean late = this.state.getAndSet(State.ENDED) == State.LATE;
		try {
			this.end.ended(this, late, plan, failure);
		}
		finally {
			this.ended.complete(null);
		}
	}

	/**
	 * Ends without a question.
	 */
	void cancel() {
		this.state.set(State.ENDED);
		this.ended.complete(null);
	}

	/**
	 * Waits for the end, as long as the look-up is not late.
	 * @param longest the longest time from the beginning, in nanoseconds
	 * @return whether it has ended, or the thread was interrupted
	 */
	boolean await(long longest) {
		if (this.state.get() == State.LATE) {
			return false;
		}
		try {
			this.ended.get(longest - nanos(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

	/**
	 * Returns a stage that completes at the end, as long as the look-up is not late, or
	 * else once it is.
	 * @param longest the longest time from the beginning, in nanoseconds
	 * @return the stage of whether it has ended
	 */
	CompletableFuture<Boolean> awaitAsync(long longest) {
		if (this.state.get() == State.LATE) {
			return CompletableFuture.completedFuture(false);
		}
		return this.ended.thenApply((end) -> true)
			.completeOnTimeout(false, Math.max(0, longest - nanos()), TimeUnit.NANOSECONDS);
	}

	/**
	 * Notes that the look-up is late.
	 * @return whether it was not before, and has not ended
	 */
	boolean becomesLate() {
		return this.state.compareAndSet(State.IN_TIME, State.LATE);
	}

	/**
	 * The policy and the key whose plan is looked up.
	 */
	record Question(String policy, String key) {
	}

	/**
	 * What is known of a plan, and since when.
	 */
	record Answer(@Nullable Plan plan, long since) {
	}

	/**
	 * Called when a look-up ends, before those who wait for it go on.
	 */
	@FunctionalInterface
	interface End {

		void ended(PlanLookUp lookUp, boolean late, @Nullable Plan plan, @Nullable Throwable failure);

	}

	private enum State {

		IN_TIME, LATE, ENDED

	}

}
