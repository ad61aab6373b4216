package io.ratelimit.spring.observe;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys refused by a policy over the last minutes. Safe for use by many threads.
 */
/*
 * Two sketches: one of this half of the time, one of the former. A thread that refuses
 * never waits: while another one holds the lock, for less than a microsecond or for some
 * tens of them to read, a refusal is only counted as missed. Those that are missed are no
 * special ones, so a key that is refused often is still seen often.
 */
final class RecentRefusals {

	static final int CAPACITY = 100;

	static final long HALF_NANOS = TimeUnit.MINUTES.toNanos(5);

	private static final Comparator<Offender> WORST_FIRST = Comparator.comparingLong(Offender::certain)
		.thenComparingLong(Offender::refusals)
		.reversed()
		.thenComparing(Offender::key);

	private final ReentrantLock lock = new ReentrantLock();

	private final LongAdder missed = new LongAdder();

	// guarded by the lock, from here on
	private SpaceSaving current = new SpaceSaving(CAPACITY);

	private SpaceSaving former = new SpaceSaving(CAPACITY);

	private long formerlyMissed;

	private long begin;

	RecentRefusals(long now) {
		this.begin = now;
	}

	void add(String key, long now) {
		if (!this.lock.tryLock()) {
			this.missed.increment();
			return;
		}
		try {
			turn(now);
			this.current.add(key);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns what is known.
	 * @param most how many offenders to list, the worst first
	 * @param now the time
	 */
	Summary summary(int most, long now) {
		this.lock.lock();
		try {
			turn(now);
			long missed = this.formerlyMissed + this.missed.sum();
			return new Summary(this.current.total() + this.former.total() + missed, missed,
					keys().stream().map(this::offender).sorted(WORST_FIRST).limit(most).toList());
		}
		finally {
			this.lock.unlock();
		}
	}

	private Set<String> keys() {
		Set<String> keys = new HashSet<>(this.current.keys());
		keys.addAll(this.former.keys());
		return keys;
	}

	private Offender offender(String key) {
		return new Offender(key, this.current.count(key) + this.former.count(key),
				this.current.error(key) + this.former.error(key));
	}

	private void turn(long now) {
		long halves = (now - this.begin) / HALF_NANOS;
		if (halves > 0) {
			this.former = (halves == 1) ? this.current : new SpaceSaving(CAPACITY);
			long missed = this.missed.sumThenReset();
			this.formerlyMissed = (halves == 1) ? missed : 0;
			this.current = new SpaceSaving(CAPACITY);
			this.begin += halves * HALF_NANOS;
		}
	}

	/**
	 * Refusals of the last minutes.
	 *
	 * @param refusals how many there were
	 * @param missed how many of them are of keys that are not known
	 * @param worst the keys refused most
	 */
	record Summary(long refusals, long missed, List<Offender> worst) {

	}

}
