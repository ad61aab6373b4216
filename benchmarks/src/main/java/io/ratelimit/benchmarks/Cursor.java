package io.ratelimit.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * One thread's place in the order of keys.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by JMH
public class Cursor {

	private String[] addresses;

	private int[] order;

	private int position;

	@Setup
	public void setUp(Load load, ThreadParams threads) {
		this.addresses = load.addresses;
		this.order = load.order;
		this.position = this.order.length / threads.getThreadCount() * threads.getThreadIndex();
	}

	String next() {
		int[] order = this.order;
		return this.addresses[order[this.position++ & (order.length - 1)]];
	}

}
