package io.ratelimit.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * State of one server that receives commands: whether commands are sent at the moment,
 * and for how long none was answered. Safe for use by many threads.
 */
final class Node {

	/**
	 * How long a node may leave commands unanswered before its connection is replaced.
	 */
	static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Breaker breaker;

	private final LongSupplier nanoTime;

	/** Whether a command has failed since the last answer. */
	private volatile boolean failing;

	/** When the first of those was sent; guarded by this. */
	private long since;

	Node(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.breaker = new Breaker(nanoTime);
	}

	/**
	 * Returns whether {@link #attempt()} would return an attempt now.
	 */
	boolean isReady() {
		return this.breaker.isReady();
	}

	/**
	 * Returns whether the node has failed several times in a row.
	 */
	boolean isPaused() {
		return this.breaker.isOpen();
	}

	/**
	 * Begins to ask the node.
	 * @return the attempt, or {@code null} while the node has a pause
	 */
	@Nullable Attempt attempt() {
		return this.breaker.admits() ? new Attempt() : null;
	}

	/**
	 * Returns whether the node was asked, and has not answered at all, for so long that
	 * its connection is to be replaced.
	 */
	boolean isSilent() {
		return this.failing && silentNanos() >= SILENCE_NANOS;
	}

	/**
	 * Returns whether the node has not answered since a command failed.
	 */
	boolean isUnanswered() {
		return this.failing;
	}

	/**
	 * Notes that the node has answered what was no attempt.
	 */
	void heard() {
		answered();
	}

	private synchronized long silentNanos() {
		return this.failing ? this.nanoTime.getAsLong() - this.since : 0;
	}

	private void answered() {
		if (this.failing) {
			this.failing = false;
		}
	}

	private synchronized void unanswered(long sent) {
		if (!this.failing) {
			this.since = sent;
			this.failing = true;
		}
	}

	/**
	 * One attempt at asking the node, by one command or several. A failure is noted once.
	 */
	final class Attempt {

		private final long begin = Node.this.nanoTime.getAsLong();

		private final AtomicBoolean failed = new AtomicBoolean();

		/**
		 * Notes how a command has ended.
		 * @param failure what it failed with; {@code null} if it succeeded
		 */
		void ended(@Nullable Throwable failure) {
			if (failure == null || Failure.isAnswer(failure)) {
				answered();
			}
			else {
				unanswered(this.begin);
			}
			if (failure == null || !Failure.isOfNode(failure)) {
				Node.this.breaker.succeeded();
			}
			else if (this.failed.compareAndSet(false, true)) {
				Node.this.breaker.failed();
			}
		}

		/**
		 * Takes the attempt back, before anything was sent.
		 */
		void cancel() {
			Node.this.breaker.release();
		}

	}

}
