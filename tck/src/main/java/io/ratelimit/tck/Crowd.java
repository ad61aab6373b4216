package io.ratelimit.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/**
 * Threads that set out at one moment, and are given up when they do not come back.
 */
final class Crowd implements AutoCloseable {

	private final int size;

	private final Duration patience;

	private final ExecutorService executor;

	Crowd(int size, Duration patience) {
		this.size = size;
		this.patience = patience;
		this.executor = Executors.newFixedThreadPool(size, (task) -> {
			Thread thread = new Thread(task, "crowd");
			thread.setDaemon(true);
			return thread;
		});
	}

	int size() {
		return this.size;
	}

	/**
	 * Runs one task in each thread.
	 * @param task makes the task of a thread from its number
	 * @return the sum of what they return
	 */
	long run(IntFunction<Callable<Long>> task) throws Exception {
		CyclicBarrier start = new CyclicBarrier(this.size);
		List<Future<Long>> results = new ArrayList<>();
		for (int i = 0; i < this.size; i++) {
			Callable<Long> callable = task.apply(i);
			results.add(this.executor.submit(() -> {
				start.await(this.patience.toMillis(), TimeUnit.MILLISECONDS);
				return callable.call();
			}));
		}
		long sum = 0;
		for (Future<Long> result : results) {
			sum += get(result);
		}
		return sum;
	}

	private long get(Future<Long> result) throws Exception {
		try {
			return result.get(this.patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("threads still wait for each other after %s".formatted(this.patience), ex);
		}
		catch (ExecutionException ex) {
			throw new AssertionError("a thread failed", ex.getCause());
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
