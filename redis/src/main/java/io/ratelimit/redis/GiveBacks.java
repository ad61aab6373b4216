package io.ratelimit.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

import io.ratelimit.redis.Question.Line;

/**
 * Gives back what a batch took and could not use. Where the node cannot be asked, it is
 * asked again until it can, for a bounded time and number of batches. Safe for use by
 * many threads.
 */
/*
 * Only a call that has certainly had no effect is repeated: what was given back twice
 * would be granted twice.
 */
final class GiveBacks implements AutoCloseable {

	private static final byte[] NO_BYTES = {};

	private static final long FIRST_PAUSE_MILLIS = 100;

	private static final long LONGEST_PAUSE_MILLIS = 1000;

	private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

	private static final int MOST_WAITING = 10_000;

	private final Function<Question, CompletableFuture<byte[]>> server;

	private final LongSupplier nanoTime;

	private final LongFunction<Executor> delay;

	private final AtomicInteger waiting = new AtomicInteger();

	private volatile boolean closed;

	/**
	 * Creates an instance.
	 * @param server runs the script
	 * @param delay returns an executor that waits for so many milliseconds
	 */
	GiveBacks(Function<Question, CompletableFuture<byte[]>> server, LongSupplier nanoTime,
			LongFunction<Executor> delay) {
		this.server = server;
		this.delay = delay;
		this.nanoTime = nanoTime;
	}

	/**
	 * Gives back what was taken of several claims whose keys stand in one slot.
	 * @param taken when the claims were about to be made
	 * @return completes once the node was asked, or is to be asked later; fails if what
	 * was taken stays taken
	 */
	CompletableFuture<?> giveBack(List<Line> lines, long taken) {
		return giveBack(lines, taken, FIRST_PAUSE_MILLIS);
	}

	@Override
	public void close() {
		this.closed = true;
	}

	private CompletableFuture<byte[]> giveBack(List<Line> lines, long taken, long pauseMillis) {
		return this.server.apply(Question.giveBack(lines, this.nanoTime.getAsLong() - taken))
			.exceptionallyCompose((failure) -> isLater(lines, taken, pauseMillis, failure)
					? CompletableFuture.completedFuture(NO_BYTES) : CompletableFuture.failedFuture(failure));
	}

	/**
	 * Returns whether another attempt follows.
	 */
	private boolean isLater(List<Line> lines, long taken, long pauseMillis, Throwable failure) {
		if (Failure.isSlotMoving(failure) && lines.size() > 1) {
			return lines.stream().filter((line) -> later(List.of(line), taken, FIRST_PAUSE_MILLIS)).count() > 0;
		}
		return Failure.isForNow(failure) && later(lines, taken, pauseMillis);
	}

	private boolean later(List<Line> lines, long taken, long pauseMillis) {
		if (this.closed || this.nanoTime.getAsLong() - taken > LONGEST_NANOS) {
			return false;
		}
		if (this.waiting.incrementAndGet() > MOST_WAITING) {
			this.waiting.decrementAndGet();
			return false;
		}
		this.delay.apply(pauseMillis).execute(() -> {
			this.waiting.decrementAndGet();
			CompletableFuture<?> unused = giveBack(lines, taken, Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis));
		});
		return true;
	}

}
