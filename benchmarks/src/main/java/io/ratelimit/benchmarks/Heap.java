package io.ratelimit.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * What the heap holds after a full collection.
 */
final class Heap {

	private static final int TRIES = 20;

	private Heap() {
	}

	/**
	 * Collects once. What other threads allocate meanwhile is not counted.
	 */
	static long afterCollection() {
		System.gc();
		long used = 0;
		for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
			if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
				used += pool.getCollectionUsage().getUsed();
			}
		}
		return used;
	}

	/**
	 * Collects until nothing more goes away.
	 */
	static long settled() throws InterruptedException {
		long least = afterCollection();
		for (int i = 0; i < TRIES; i++) {
			Thread.sleep(100);
			long used = afterCollection();
			if (used >= least) {
				return least;
			}
			least = used;
		}
		return least;
	}

}
