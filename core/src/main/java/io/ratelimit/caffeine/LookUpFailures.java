package io.ratelimit.caffeine;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs when plans can no longer be looked up, once a minute at the most, and when they
 * can again. Safe for use by many threads.
 */
final class LookUpFailures {

	private static final Logger logger = LoggerFactory.getLogger(CachedLimitResolver.class);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private volatile boolean failing;

	/** Guarded by this. */
	private boolean logged;

	/** Guarded by this. */
	private long lastLine;

	/**
	 * Notes a failure.
	 * @param failure what was thrown; {@code null} if there was no answer in time
	 */
	void failed(String policy, @Nullable Throwable failure, long now) {
		synchronized (this) {
			if (this.logged && now - this.lastLine < QUIET_NANOS) {
				return;
			}
			this.logged = true;
			this.lastLine = now;
			this.failing = true;
		}
		logger.warn(
				"The plan of a key of policy '{}' could not be looked up ({}): until that works, keys have the plan "
						+ "that was last known, or else their policy's own limits; this is logged once a minute",
				policy, (failure != null) ? "the LimitResolver failed" : "the LimitResolver does not answer in time",
				failure);
	}

	/**
	 * Notes an answer.
	 */
	void answered() {
		if (this.failing) {
			synchronized (this) {
				if (!this.failing) {
					return;
				}
				this.failing = false;
			}
			logger.info("Plans are looked up again");
		}
	}

}
