package io.ratelimit.spring.observe;

import java.util.function.LongConsumer;

/**
 * Told by a store outside of this process how long each of its calls took, in
 * nanoseconds, and hands that on. A store of the application's own that is to be timed
 * asks for this bean. Safe for use by many threads.
 */
final class StoreCalls implements LongConsumer {

	private volatile LongConsumer told = (nanos) -> {
	};

	@Override
	public void accept(long nanos) {
		this.told.accept(nanos);
	}

	synchronized void tell(LongConsumer other) {
		this.told = this.told.andThen(other);
	}

}
