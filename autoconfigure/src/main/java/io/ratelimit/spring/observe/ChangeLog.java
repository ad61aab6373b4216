package io.ratelimit.spring.observe;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.spring.observe.ChangeReport.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last changes made through the endpoint of this instance, with their authors and
 * times; each is also logged. Safe for use by many threads.
 */
final class ChangeLog {

	private static final int MOST = 50;

	private static final Logger logger = LoggerFactory.getLogger(RateLimitsEndpoint.class);

	private final InstantSource clock;

	/** The last one first; guarded by this. */
	private final Deque<ChangeReport> changes = new ArrayDeque<>();

	ChangeLog(InstantSource clock) {
		this.clock = clock;
	}

	void changed(@Nullable String by, Policy before, Policy after) {
		add(new ChangeReport(now(), by, after.name(), ChangeReport.CHANGE, state(before), state(after), null));
		logger.info("Policy '{}' was changed by {}: from {} to {}", after.name(), who(by), described(before),
				described(after));
	}

	void reset(@Nullable String by, Policy policy, String id) {
		add(new ChangeReport(now(), by, policy.name(), ChangeReport.RESET, null, null, id));
		logger.info("Key {} of policy '{}' was reset by {}", id, policy.name(), who(by));
	}

	void resetAll(@Nullable String by, Policy policy) {
		add(new ChangeReport(now(), by, policy.name(), ChangeReport.RESET_ALL, null, null, null));
		logger.info("All keys of policy '{}' were reset by {}", policy.name(), who(by));
	}

	/**
	 * Returns the changes, the last one first.
	 */
	synchronized List<ChangeReport> changes() {
		return List.copyOf(this.changes);
	}

	private synchronized void add(ChangeReport change) {
		this.changes.addFirst(change);
		if (this.changes.size() > MOST) {
			this.changes.removeLast();
		}
	}

	private String now() {
		return this.clock.instant().toString();
	}

	private static State state(Policy policy) {
		return new State(policy.limits().stream().map(Limit::toString).toList(), mode(policy));
	}

	private static String described(Policy policy) {
		return "%s, mode %s".formatted(policy.limits(), mode(policy));
	}

	private static String mode(Policy policy) {
		return policy.mode().name().toLowerCase(Locale.ROOT);
	}

	private static String who(@Nullable String by) {
		if (by == null) {
			return "somebody who is not known";
		}
		StringBuilder name = new StringBuilder();
		DecisionText.quote(by, name);
		return name.toString();
	}

}
