package io.ratelimit.spring.autoconfigure;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

import io.ratelimit.Algorithm;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Limit;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.LimitProperties;
import org.jspecify.annotations.Nullable;

/**
 * Makes a limit of its properties.
 */
final class ConfiguredLimit {

	private final LimitProperties properties;

	private final String name;

	private ConfiguredLimit(LimitProperties properties, String name) {
		this.properties = properties;
		this.name = name;
	}

	/**
	 * Makes a limit.
	 * @param name name of the property that the limit stands in
	 * @throws InvalidRateLimitException if properties are missing or do not go together
	 * @throws IllegalArgumentException if a number is out of its range
	 */
	static Limit of(LimitProperties properties, String name) {
		return new ConfiguredLimit(properties, name).limit();
	}

	private Limit limit() {
		long permits = required(this.properties.permits(),
				"a limit without permits: say how many are allowed per window",
				"Add them, for example 'permits: 100'.");
		Algorithm algorithm = algorithm();
		Limit limit = window(permits, algorithm);
		limit = (limit.algorithm() != algorithm) ? limit.withAlgorithm(algorithm) : limit;
		if (this.properties.burst() != null) {
			require(algorithm == Algorithm.TOKEN_BUCKET,
					"a burst belongs to algorithm token-bucket, not to " + algorithm.id(),
					"Remove the burst, or write 'algorithm: token-bucket'.");
			limit = limit.withBurst(this.properties.burst());
		}
		if (algorithm == Algorithm.LEAKY_BUCKET) {
			return limit.withMaxWait(maxWait()).withName(this.properties.name());
		}
		require(this.properties.maxWait() == null,
				"a max-wait belongs to algorithm leaky-bucket, not to " + algorithm.id(),
				"Remove the max-wait, or write 'algorithm: leaky-bucket'.");
		return limit.withName(this.properties.name());
	}

	private Duration maxWait() {
		return required(this.properties.maxWait(),
				"a leaky-bucket without max-wait: say how long a request may be delayed, 0s to refuse what comes early",
				"Add it, for example 'max-wait: 2s'.");
	}

	private Limit window(long permits, Algorithm algorithm) {
		CalendarWindow.Unit calendar = this.properties.calendar();
		ZoneId zone = this.properties.zone();
		if (calendar != null) {
			require(this.properties.window() == null, "both a window and a calendar", "Leave one of them out.");
			require(algorithm == Algorithm.FIXED_WINDOW,
					"a calendar belongs to algorithm fixed-window, not to " + algorithm.id(),
					"Remove the calendar, or the algorithm.");
			return Limit.of(permits, new CalendarWindow(calendar, (zone != null) ? zone : ZoneOffset.UTC));
		}
		require(zone == null, "a zone without a calendar", "Add 'calendar: day', week or month, or remove the zone.");
		return Limit.of(permits, required(this.properties.window(),
				"a limit without a window: say over what time it counts", "Add it, for example 'window: 1m'."));
	}

	private Algorithm algorithm() {
		Algorithm byDefault = (this.properties.calendar() != null) ? Algorithm.FIXED_WINDOW : Algorithm.SLIDING_WINDOW;
		return Objects.requireNonNullElse(this.properties.algorithm(), byDefault);
	}

	private <T> T required(@Nullable T value, String message, String action) {
		if (value == null) {
			throw new InvalidRateLimitException(this.name, message, action);
		}
		return value;
	}

	private void require(boolean condition, String message, String action) {
		if (!condition) {
			throw new InvalidRateLimitException(this.name, message, action);
		}
	}

}
