package io.ratelimit.spring.observe;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.ratelimit.Decision;
import io.ratelimit.RateLimitListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes an event when a request or call is refused, and writes a line to a log of its
 * own where that is configured: also when a policy in shadow mode would have refused. A
 * key is included only where that is configured. Safe for use by many threads.
 */
final class RefusalNotices implements RateLimitListener {

	/**
	 * Name of the logger that refusals are written to.
	 */
	public static final String LOGGER = "ratelimit.refusals";

	private static final Logger logger = LoggerFactory.getLogger(LOGGER);

	private final Map<String, Pace> paces = new ConcurrentHashMap<>();

	private final ApplicationEventPublisher publisher;

	private final Events events;

	private final Lines lines;

	private final LongSupplier nanoTime;

	/**
	 * Creates a listener.
	 * @param publisher publishes events
	 * @param events which events to publish
	 * @param lines which lines to write
	 * @param nanoTime the clock that seconds are measured by
	 */
	public RefusalNotices(ApplicationEventPublisher publisher, Events events, Lines lines, LongSupplier nanoTime) {
		this.publisher = publisher;
		this.events = events;
		this.lines = lines;
		this.nanoTime = nanoTime;
	}

	@Override
	public void onDecision(String key, long permits, Decision decision) {
		if (decision.allowed()) {
			return;
		}
		if (this.lines.refusals() && logger.isInfoEnabled()) {
			logger.info(line(permits, decision, this.lines.keys() ? key : null));
		}
		if (this.events.perSecond() > 0 && decision.refuses()) {
			publish(key, decision);
		}
	}

	private void publish(String key, Decision decision) {
		String policy = decision.policy().name();
		Pace pace = this.paces.get(policy);
		if (pace == null) {
			pace = this.paces.computeIfAbsent(policy, (name) -> new Pace(this.events.perSecond(), this.nanoTime));
		}
		long leftOut = pace.next();
		if (leftOut != Pace.LEFT_OUT) {
			this.publisher.publishEvent(RateLimitRefusedEvent.of(decision, this.events.keys() ? key : null, leftOut));
		}
	}

	private static String line(long permits, Decision decision, @Nullable String key) {
		StringBuilder line = new StringBuilder(96).append(Outcome.of(decision).id());
		DecisionText.append(decision, permits, line);
		line.append(" retry-after=").append(DecisionText.seconds(decision.retryAfterNanos()));
		if (key != null) {
			DecisionText.quote(key, line.append(" key="));
		}
		return line.toString();
	}

	/**
	 * Which events are published.
	 *
	 * @param perSecond most events a second for each policy; none if 0
	 * @param keys whether an event carries the refused key
	 */
	public record Events(int perSecond, boolean keys) {

		public Events {
			if (perSecond < 0) {
				throw new IllegalArgumentException("%s events a second: it must be 0 or more".formatted(perSecond));
			}
		}

	}

	/**
	 * Which lines are written.
	 *
	 * @param refusals whether refusals are written
	 * @param keys whether a line carries the refused key
	 */
	public record Lines(boolean refusals, boolean keys) {

	}

}
