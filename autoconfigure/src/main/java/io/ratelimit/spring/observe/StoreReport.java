package io.ratelimit.spring.observe;

import java.time.Instant;

import io.ratelimit.Outage;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Where permits are counted, and whether that answers, as the endpoint tells it.
 *
 * @param name the store
 * @param state {@code up}, or {@code down} while an outage goes on
 * @param since when that began, in ISO 8601; {@code null} if the store has always
 * answered
 * @param cause why the store is down
 */
record StoreReport(String name, String state, @Nullable String since,
		@Nullable String cause) implements OperationResponseBody {

	/** Also a key is counted there, where it is not counted by the store. */
	static final String HERE = "this instance";

	private static final String IN_PROCESS = "caffeine";

	private static final String UP = "up";

	private static final String DOWN = "down";

	static StoreReport of(String name, @Nullable Outage outage) {
		if (outage == null) {
			return new StoreReport(name, UP, null, null);
		}
		if (!outage.over()) {
			return new StoreReport(name, DOWN, outage.begin().toString(), outage.cause());
		}
		Instant end = outage.begin().plus(outage.length());
		return new StoreReport(name, UP, end.toString(), null);
	}

	/**
	 * Returns where the store counts.
	 */
	String where() {
		return this.name.equals(IN_PROCESS) ? HERE : this.name;
	}

	/**
	 * Returns why a decision was not counted by the store.
	 * @param off whether its policy is off
	 */
	String reason(boolean off) {
		if (off) {
			return "the policy is off";
		}
		return this.state.equals(DOWN) ? "the store does not answer: " + this.cause
				: "the store could not answer for this key";
	}

}
