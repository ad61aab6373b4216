package io.ratelimit;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of a registry. What one of them throws reaches nobody.
 */
final class Listeners {

	private static final Logger logger = LoggerFactory.getLogger(RateLimiterRegistry.class);

	private final RateLimitListener[] listeners;

	private final AtomicBoolean warned = new AtomicBoolean();

	Listeners(Collection<RateLimitListener> listeners) {
		this.listeners = listeners.toArray(new RateLimitListener[0]);
	}

	/**
	 * Tells of a decision: a plain loop, as a lambda would leave garbage behind each
	 * time.
	 */
	void decided(String key, long permits, Decision decision) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onDecision(key, permits, decision);
			}
			catch (RuntimeException ex) {
				warn(listener, ex);
			}
		}
	}

	void failed(RateLimitStoreException failure) {
		tell((listener) -> listener.onStoreFailure(failure));
	}

	void registered(Policy policy) {
		tell((listener) -> listener.onPolicy(policy));
	}

	private void tell(Consumer<RateLimitListener> event) {
		for (RateLimitListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				warn(listener, ex);
			}
		}
	}

	private void warn(RateLimitListener listener, RuntimeException failure) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("Listener {} failed; further failures of listeners are not logged",
					listener.getClass().getName(), failure);
		}
	}

}
