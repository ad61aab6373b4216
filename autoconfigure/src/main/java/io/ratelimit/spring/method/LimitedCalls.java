package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls that one policy limits.
 */
final class LimitedCalls {

	private final Map<String, String> keys = new ConcurrentSkipListMap<>();

	private final AtomicLong cost = new AtomicLong();

	void add(Method method, String key, MethodCost cost) {
		this.keys.put(Declaration.nameOf(method), key);
		this.cost.accumulateAndGet(cost.known(), Math::max);
	}

	/**
	 * Returns the methods as people write them, in alphabetical order.
	 */
	List<String> methods() {
		return List.copyOf(this.keys.keySet());
	}

	/**
	 * Returns the keys as they are written, by method; empty where the policy's own
	 * counts.
	 */
	Map<String, String> keys() {
		return new TreeMap<>(this.keys);
	}

	/**
	 * Returns the most permits that one of the calls is known to take.
	 */
	long cost() {
		return this.cost.get();
	}

}
