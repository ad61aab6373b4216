package io.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.ratelimit.RateLimitStoreException.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outages of a store, with a line in the log for the begin and the end of each. Safe
 * for use by many threads.
 */
/*
 * A cluster of which one node is down answers and fails in turn, so that an outage is
 * over only when the store has answered for a second without a failure. Outages that
 * follow each other fast are logged up to a number a minute, beside those that last; the
 * next line says how many were not.
 */
final class Outages {

	private static final Logger logger = LoggerFactory.getLogger(RateLimits.class);

	private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

	/** Most outages of a minute that are logged when they begin. */
	private static final int MOST_LOGGED = 12;

	/** When another one is logged nevertheless. */
	private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final LongSupplier nanoTime;

	private final InstantSource clock;

	/** The outage that goes on; written by threads that hold the lock. */
	private volatile @Nullable Current current;

	/** Guarded by this. */
	private @Nullable Outage last;

	/** Guarded by this. */
	private long total;

	/** When the minute began whose outages are counted; guarded by this. */
	private long minute;

	/** Guarded by this. */
	private int logged;

	/** Outages that were not logged since the last that was; guarded by this. */
	private int unlogged;

	/** When failures of single keys are logged again; guarded by this. */
	private long nextOfKey;

	Outages(LongSupplier nanoTime, InstantSource clock) {
		this.nanoTime = nanoTime;
		this.clock = clock;
		this.minute = nanoTime.getAsLong();
		this.nextOfKey = this.minute;
	}

	/**
	 * Notes that the store could not answer.
	 * @param decisions the decisions that it would have made
	 */
	synchronized void failed(RateLimitStoreException failure, StandIn decisions) {
		long now = this.nanoTime.getAsLong();
		if (failure.kind() == Kind.KEY) {
			if (now - this.nextOfKey >= 0) {
				this.nextOfKey = now + MINUTE_NANOS;
				logger.warn("The rate limit store cannot count a key ({}): its policies act by their failure mode; "
						+ "this is logged once a minute", failure.getMessage());
			}
			return;
		}
		Current current = this.current;
		if (current == null) {
			current = new Current(now, failure, isLogged(now));
			this.total++;
			this.current = current;
			begin(current);
		}
		current.failed(failure, decisions, now);
		if (now - current.reminder >= 0) {
			current.reminder = now + MINUTE_NANOS;
			this.unlogged -= current.logged ? 0 : 1;
			current.logged = true;
			logger.warn("The rate limit store has not answered all calls for {} ({}): {}", text(now - current.begin),
					current.cause, current.notCounted());
		}
	}

	/**
	 * Notes that the store has answered.
	 */
	void answered() {
		Current current = this.current;
		if (current != null && this.nanoTime.getAsLong() - current.last >= QUIET_NANOS) {
			end(current);
		}
	}

	/**
	 * Returns whether an outage goes on in which the store answers, and has no memory for
	 * another key.
	 */
	boolean isFull() {
		Current current = this.current;
		return current != null && current.full;
	}

	/**
	 * Returns the outage that goes on, or else the last one.
	 */
	synchronized @Nullable Outage latest() {
		Current current = this.current;
		return (current != null) ? current.outage(false) : this.last;
	}

	/**
	 * Returns how many outages have begun.
	 */
	synchronized long total() {
		return this.total;
	}

	private boolean isLogged(long now) {
		if (now - this.minute >= MINUTE_NANOS) {
			this.minute = now;
			this.logged = 0;
		}
		boolean isLogged = this.logged < MOST_LOGGED;
		this.logged += isLogged ? 1 : 0;
		this.unlogged += isLogged ? 0 : 1;
		return isLogged;
	}

	private void begin(Current outage) {
		if (outage.logged) {
			String before = (this.unlogged > 0) ? "; " + this.unlogged + " outages before were not logged" : "";
			String after = (this.logged == MOST_LOGGED)
					? "; further ones of this minute are only logged if they last for 5 s" : "";
			logger.warn("The rate limit store does not answer ({}): policies act by their failure mode{}{}",
					outage.cause, before, after);
			this.unlogged = 0;
		}
	}

	private synchronized void end(Current outage) {
		if (this.current != outage) {
			return;
		}
		this.current = null;
		this.last = outage.outage(true);
		if (outage.logged) {
			logger.warn("The rate limit store answers again after {} ({}): {}", text(outage.last - outage.begin),
					outage.cause, outage.notCounted());
		}
	}

	private static String text(long nanos) {
		return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
	}

	/**
	 * An outage that goes on. Written under the lock of the outages.
	 */
	private final class Current {

		private final long begin;

		private final Instant instant = Outages.this.clock.instant();

		private boolean logged;

		private String cause;

		private StandIn decisions = StandIn.NONE;

		private volatile boolean full;

		private long reminder;

		private volatile long last;

		Current(long now, RateLimitStoreException failure, boolean logged) {
			this.begin = now;
			this.last = now;
			this.logged = logged;
			this.reminder = now + (logged ? MINUTE_NANOS : LONG_NANOS);
			this.cause = String.valueOf(failure.getMessage());
		}

		void failed(RateLimitStoreException failure, StandIn decisions, long now) {
			this.last = now;
			this.decisions = this.decisions.plus(decisions);
			this.full = failure.kind() == Kind.FULL;
			if (failure.kind() != Kind.NOT_ASKED) {
				this.cause = String.valueOf(failure.getMessage());
			}
		}

		Outage outage(boolean over) {
			return new Outage(this.instant, Duration.ofNanos(this.last - this.begin), this.cause, this.decisions, over);
		}

		/**
		 * Returns how many decisions the store could not make, in words.
		 */
		String notCounted() {
			String local = (this.decisions.local() > 0) ? " (%s of them in process)".formatted(this.decisions.local())
					: "";
			return this.decisions.total() + " decisions were not counted by it" + local;
		}

	}

}
