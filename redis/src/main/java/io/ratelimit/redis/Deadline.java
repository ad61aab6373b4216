package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The longest time that an answer is waited for. Safe for use by many threads.
 */
final class Deadline {

	private final Duration timeout;

	/** Completes stages, whose continuations may block. */
	private final Executor relay = new Relay("ratelimit-redis-stage");

	Deadline(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Returns a stage of an answer that fails once the timeout is over. It completes on a
	 * thread of this store, unless the answer is there already: what follows on it may
	 * block, and the client's threads and the JVM's only one for timeouts must not be
	 * held.
	 * @param failed returns what to fail with
	 */
	<T> CompletableFuture<T> inTime(CompletableFuture<T> answer, Function<Throwable, RuntimeException> failed) {
		CompletableFuture<T> inTime = new CompletableFuture<>();
		Executor executor = answer.isDone() ? Runnable::run : this.relay;
		CompletableFuture<T> unused = answer.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS)
			.whenComplete((answered, failure) -> executor.execute(() -> {
				if (failure == null) {
					inTime.complete(answered);
				}
				else {
					inTime.completeExceptionally(failed.apply(Failure.cause(failure)));
				}
			}));
		return inTime;
	}

	/**
	 * Waits for an answer. What was asked is charged, so that a thread that is
	 * interrupted waits too, and stays interrupted.
	 * @param time the longest time
	 * @param failed returns what to throw if it fails or is late
	 */
	static <T> T await(CompletableFuture<T> answer, Duration time, Function<Throwable, RuntimeException> failed) {
		long end = System.nanoTime() + time.toNanos();
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (TimeoutException | CancellationException ex) {
			throw failed.apply(ex);
		}
		catch (ExecutionException ex) {
			throw failed.apply(Failure.cause(ex));
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
