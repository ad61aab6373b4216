package io.ratelimit.spring.store;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.ratelimit.Outage;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a store outside of this process every few seconds whether it can count, so that
 * begin and end of an outage are known where no request comes. Begins again after a stop.
 */
final class StoreWatch {

	private static final Logger logger = LoggerFactory.getLogger(StoreWatch.class);

	private static final Duration PAUSE = Duration.ofSeconds(3);

	/**
	 * A store that is merely late for a decision is no outage as long as none is made.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final RateLimits limits;

	private final Duration timeout;

	private @Nullable ScheduledExecutorService executor;

	/**
	 * Creates a watch.
	 * @param limits asks the store
	 * @param timeout longest time that a decision waits for it
	 */
	StoreWatch(RateLimits limits, Duration timeout) {
		this.limits = limits;
		this.timeout = timeout;
	}

	synchronized void start() {
		if (this.executor == null) {
			ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "ratelimit-store-watch");
				thread.setDaemon(true);
				return thread;
			});
			var unused = executor.scheduleWithFixedDelay(this::ask, PAUSE.toMillis(), PAUSE.toMillis(),
					TimeUnit.MILLISECONDS);
			this.executor = executor;
		}
	}

	/**
	 * Ends the watch. What is being asked is waited for, since it would fail once the
	 * client is stopped, and be taken for an outage.
	 */
	synchronized void stop() {
		ScheduledExecutorService executor = this.executor;
		this.executor = null;
		if (executor != null) {
			executor.shutdown();
			try {
				boolean unused = executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void ask() {
		Outage outage = this.limits.outage();
		boolean down = outage != null && !outage.over();
		try {
			this.limits.ping((down || this.timeout.compareTo(PATIENCE) > 0) ? this.timeout : PATIENCE);
		}
		catch (RateLimitStoreException ex) {
			// the outage is noted
		}
		catch (RuntimeException ex) {
			logger.debug("The store cannot be asked", ex);
		}
	}

}
