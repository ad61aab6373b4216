package io.ratelimit.benchmarks;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;

import io.ratelimit.Limit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a row is asked: which keys, in which order, and with which outcome. Keys and order
 * are made beforehand. A key is the same object whenever it comes, which is kinder to
 * every row than requests are.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH
public class Load {

	/** More than any row has keys, so that no row measures eviction. */
	static final int MAXIMUM_KEYS = 2_000_000;

	private static final int DRAWS = 1 << 20;

	@Param({ "1", "10000", "1000000" })
	public int keys;

	@Param
	public Distribution distribution;

	@Param
	public Outcome outcome;

	/** A limit instead of the outcome's, such as one of the size that a key needs. */
	@Param("")
	public String limit;

	String[] addresses;

	int[] order;

	@Setup
	public void setUp() {
		this.addresses = Addresses.first(this.keys);
		this.order = new int[DRAWS];
		this.distribution.draw(this.keys, this.order, new SplittableRandom(42));
	}

	int permits() {
		return this.limit.isEmpty() ? this.outcome.permits : (int) Limit.valueOf(this.limit).permits();
	}

	Duration window() {
		return this.limit.isEmpty() ? this.outcome.window : Limit.valueOf(this.limit).window();
	}

	/**
	 * Makes every key known, and uses its limit up if it is to be refused.
	 */
	void fill(ObjIntConsumer<String> take) {
		for (String address : this.addresses) {
			take.accept(address, this.outcome.taken);
		}
	}

	/**
	 * Fails unless a key is answered as the row says it is.
	 */
	void check(Predicate<String> allowed) {
		if (allowed.test(this.addresses[0]) != (this.outcome == Outcome.ALLOWED)) {
			throw new IllegalStateException("the keys of this row were to be " + this.outcome);
		}
	}

}
