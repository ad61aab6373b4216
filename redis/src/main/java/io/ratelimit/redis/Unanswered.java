package io.ratelimit.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * The commands that wait for an answer, oldest first. Those that have waited for longer
 * than the timeout are withdrawn: the client would send them again when it has connected
 * again, and charge permits that nobody waits for. Safe for use by many threads.
 */
final class Unanswered {

	private final Queue<Sent> commands = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean withdrawing = new AtomicBoolean();

	private final long timeoutNanos;

	Unanswered(Duration timeout) {
		this.timeoutNanos = timeout.toNanos();
	}

	void add(Future<?> command) {
		withdrawOverdue();
		this.commands.add(new Sent(command, System.nanoTime()));
	}

	/**
	 * Withdraws what is overdue. What then happens to others may lead here again, so that
	 * only one does it at a time.
	 */
	void withdrawOverdue() {
		while (oldestToRemove() != null && this.withdrawing.compareAndSet(false, true)) {
			try {
				withdraw();
			}
			finally {
				this.withdrawing.set(false);
			}
		}
	}

	private void withdraw() {
		Sent oldest = oldestToRemove();
		while (oldest != null) {
			this.commands.remove(oldest);
			if (!oldest.command.isDone()) {
				oldest.command.cancel(true);
			}
			oldest = oldestToRemove();
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
