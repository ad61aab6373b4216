package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls that one policy limits.
 */
final class LimitedCalls {

	private final Set<String> methods = new ConcurrentSkipListSet<>();

	private final AtomicLong cost = new AtomicLong();

	void add(Method method, MethodCost cost) {
		this.methods.add(Declaration.nameOf(method));
		this.cost.accumulateAndGet(cost.known(), Math::max);
	}

	/**
	 * Returns the methods as people write them, in alphabetical order.
	 */
	List<String> methods() {
		return List.copyOf(this.methods);
	}

	/**
	 * Returns the most permits that one of the calls is known to take.
	 */
	long cost() {
		return this.cost.get();
	}

}
