package io.ratelimit.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * The commands that have no answer yet, oldest first. Those that are older than the
 * timeout are cancelled: the client would send them again after a reconnection, and
 * charge permits for callers that have given up. Safe for use by many threads.
 */
final class Unanswered {

	/** Most commands cancelled on the time of a caller: each runs what depends on it. */
	private static final int SOME = 4;

	private final Queue<Sent> commands = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean withdrawing = new AtomicBoolean();

	private final long timeoutNanos;

	Unanswered(Duration timeout) {
		this.timeoutNanos = timeout.toNanos();
	}

	void add(Future<?> command) {
		withdrawSome();
		this.commands.add(new Sent(command, System.nanoTime()));
	}

	/**
	 * Cancels a few overdue commands, on the time of a caller that has other things to
	 * do.
	 */
	void withdrawSome() {
		withdraw(SOME);
	}

	/**
	 * Cancels every overdue command.
	 */
	void withdrawOverdue() {
		withdraw(Integer.MAX_VALUE);
	}

	/**
	 * Cancels overdue commands, unless another thread does. Cancelling may re-enter this
	 * method, hence the flag.
	 */
	private void withdraw(int most) {
		if (oldestToRemove() == null || !this.withdrawing.compareAndSet(false, true)) {
			return;
		}
		try {
			int withdrawn = 0;
			for (Sent next = oldestToRemove(); next != null && withdrawn < most; next = oldestToRemove()) {
				this.commands.remove(next);
				if (!next.command.isDone()) {
					next.command.cancel(true);
					withdrawn++;
				}
			}
		}
		finally {
			this.withdrawing.set(false);
		}
	}

	private @Nullable Sent oldestToRemove() {
		Sent oldest = this.commands.peek();
		return (oldest != null && (oldest.command.isDone() || System.nanoTime() - oldest.nanos >= this.timeoutNanos))
				? oldest : null;
	}

	/**
	 * A command and when it was sent.
	 */
	private static final class Sent {

		private final Future<?> command;

		private final long nanos;

		Sent(Future<?> command, long nanos) {
			this.command = command;
			this.nanos = nanos;
		}

	}

}
