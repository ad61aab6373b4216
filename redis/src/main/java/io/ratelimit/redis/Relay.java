package io.ratelimit.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs tasks on few threads, and no task behind one that blocks: a thread that takes a
 * task first starts another thread if more tasks are left. Safe for use by many threads.
 */
final class Relay implements Executor {

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	/** Whether a thread has been started that has not taken a task yet. */
	private final AtomicBoolean coming = new AtomicBoolean();

	private final Executor threads;

	/**
	 * Creates an executor.
	 * @param name the name of its threads
	 */
	Relay(String name) {
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, name);
					thread.setDaemon(true);
					return thread;
				});
	}

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		come();
	}

	private void come() {
		if (this.coming.compareAndSet(false, true)) {
			this.threads.execute(this::work);
		}
	}

	private void work() {
		this.coming.set(false);
		for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
			if (!this.tasks.isEmpty()) {
				come();
			}
			task.run();
		}
	}

}
