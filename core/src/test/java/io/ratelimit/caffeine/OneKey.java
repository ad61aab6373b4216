package io.ratelimit.caffeine;

/**
 * A key as one thread sees it.
 */
public class OneKey {

	private long limit;

	private final long limitToBe;

	private long used;

	public OneKey() {
		this(3, 0);
	}

	OneKey(long limit, long used) {
		this.limit = limit;
		this.limitToBe = limit + 1;
		this.used = used;
	}

	public long takeOne() {
		return take(1);
	}

	public long takeTwo() {
		return take(2);
	}

	public long remaining() {
		return this.limit - this.used;
	}

	public void giveBack() {
		this.used = Math.max(0, this.used - 1);
	}

	public void reset() {
		this.used = 0;
	}

	public void sweep() {
		// frees memory and changes no answer
	}

	public void replace() {
		this.limit = this.limitToBe;
	}

	boolean admits(long permits) {
		return this.used + permits <= this.limit;
	}

	long take(long permits) {
		if (!admits(permits)) {
			return -1 - remaining();
		}
		this.used += permits;
		return remaining();
	}

}
