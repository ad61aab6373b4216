package io.ratelimit;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of a registry. Exceptions are logged once and swallowed; so are errors,
 * such as a class that is missing, unless they are those of the virtual machine.
 */
final class Listeners {

	private static final Logger logger = LoggerFactory.getLogger(RateLimits.class);

	private final RateLimitListener[] listeners;

	private final AtomicBoolean warned;

	Listeners(Collection<RateLimitListener> listeners) {
		this(listeners.toArray(new RateLimitListener[0]), new AtomicBoolean());
	}

	private Listeners(RateLimitListener[] listeners, AtomicBoolean warned) {
		this.listeners = listeners;
		this.warned = warned;
	}

	/**
	 * Returns the listeners for one policy's decisions.
	 */
	Listeners forPolicy(Policy policy) {
		RateLimitListener[] bound = this.listeners.clone();
		for (int i = 0; i < bound.length; i++) {
			try {
				bound[i] = bound[i].forPolicy(policy);
			}
			catch (VirtualMachineError ex) {
				throw ex;
			}
			catch (Throwable ex) {
				warn(bound[i], ex);
			}
		}
		return new Listeners(bound, this.warned);
	}

	/**
	 * Calls the listeners with a decision: a plain loop, as a lambda would leave garbage
	 * behind each time.
	 */
	void decided(String key, long permits, Decision decision) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onDecision(key, permits, decision);
			}
			catch (VirtualMachineError ex) {
				throw ex;
			}
			catch (Throwable ex) {
				warn(listener, ex);
			}
		}
	}

	void failed(RateLimitStoreException failure) {
		forEach((listener) -> listener.onStoreFailure(failure));
	}

	void resetAll(Policy policy) {
		forEach((listener) -> listener.onResetAll(policy));
	}

	private void forEach(Consumer<RateLimitListener> call) {
		for (RateLimitListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (VirtualMachineError ex) {
				throw ex;
			}
			catch (Throwable ex) {
				warn(listener, ex);
			}
		}
	}

	private void warn(RateLimitListener listener, Throwable failure) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("Listener {} failed; further failures of listeners are not logged",
					listener.getClass().getName(), failure);
		}
	}

}
