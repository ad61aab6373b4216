package io.ratelimit.spring.policy;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

import io.ratelimit.CalendarWindow;
import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.SlidingWindow;
import io.ratelimit.TokenBucket;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.ConstructorBinding;

/**
 * A limit as it is configured: in one line, or in its long form.
 */
final class LimitProperties {

	/** The limit, where it was written in one line. */
	private final @Nullable Limit line;

	private final @Nullable Long permits;

	private final @Nullable Duration window;

	private final @Nullable Algorithm algorithm;

	private final @Nullable Long burst;

	private final @Nullable Duration maxWait;

	private final CalendarWindow.@Nullable Unit calendar;

	private final @Nullable ZoneId zone;

	private final @Nullable String name;

	/**
	 * Creates a limit in its long form.
	 * @param permits permits per window
	 * @param window time that the limit counts over
	 * @param algorithm how permits are counted
	 * @param burst most permits that a token bucket holds
	 * @param maxWait longest delay that a leaky bucket may impose
	 * @param calendar calendar window in place of a length, for a fixed window
	 * @param zone time zone of the calendar window
	 * @param name name in header fields
	 */
	@ConstructorBinding
	public LimitProperties(@Nullable Long permits, @Nullable Duration window, @Nullable Algorithm algorithm,
			@Nullable Long burst, @Nullable Duration maxWait, CalendarWindow.@Nullable Unit calendar,
			@Nullable ZoneId zone, @Nullable String name) {
		this.line = null;
		this.permits = permits;
		this.window = window;
		this.algorithm = algorithm;
		this.burst = burst;
		this.maxWait = maxWait;
		this.calendar = calendar;
		this.zone = zone;
		this.name = name;
	}

	private LimitProperties(Limit line) {
		this.line = line;
		this.permits = null;
		this.window = null;
		this.algorithm = null;
		this.burst = null;
		this.maxWait = null;
		this.calendar = null;
		this.zone = null;
		this.name = null;
	}

	/**
	 * Reads a limit that is written in one line. Spring Boot's conversion finds this
	 * method by its name.
	 * @param text the line
	 * @return the limit
	 * @throws IllegalArgumentException if it is not one
	 */
	public static LimitProperties valueOf(String text) {
		return new LimitProperties(Limit.valueOf(text));
	}

	/**
	 * Returns the limit.
	 * @param property name of the property that it stands in
	 * @throws InvalidRateLimitException if properties are missing or do not go together
	 * @throws IllegalArgumentException if a number is out of its range
	 */
	Limit limit(String property) {
		return (this.line != null) ? this.line : new LongForm(property).limit();
	}

	/**
	 * How permits are counted.
	 */
	enum Algorithm {

		SLIDING_WINDOW("sliding-window"), FIXED_WINDOW("fixed-window"), TOKEN_BUCKET("token-bucket"),
		LEAKY_BUCKET("leaky-bucket");

		private final String id;

		Algorithm(String id) {
			this.id = id;
		}

	}

	/**
	 * The long form, which is checked when its property is known.
	 */
	private final class LongForm {

		private final String property;

		private final Algorithm algorithm = Objects.requireNonNullElse(LimitProperties.this.algorithm,
				(LimitProperties.this.calendar != null) ? Algorithm.FIXED_WINDOW : Algorithm.SLIDING_WINDOW);

		private LongForm(String property) {
			this.property = property;
		}

		private Limit limit() {
			long permits = required(LimitProperties.this.permits,
					"a limit without permits: say how many are allowed per window",
					"Add them, for example 'permits: 100'.");
			CalendarWindow calendar = calendar();
			requireOwner(LimitProperties.this.burst, Algorithm.TOKEN_BUCKET, "burst");
			requireOwner(LimitProperties.this.maxWait, Algorithm.LEAKY_BUCKET, "max-wait");
			Limit limit = (calendar != null) ? FixedWindow.of(permits, calendar) : limit(permits);
			return limit.withName(LimitProperties.this.name);
		}

		private Limit limit(long permits) {
			Duration window = required(LimitProperties.this.window,
					"a limit without a window: say over what time it counts", "Add it, for example 'window: 1m'.");
			return switch (this.algorithm) {
				case SLIDING_WINDOW -> SlidingWindow.of(permits, window);
				case FIXED_WINDOW -> FixedWindow.of(permits, window);
				case TOKEN_BUCKET ->
					TokenBucket.of(permits, window, Objects.requireNonNullElse(LimitProperties.this.burst, permits));
				case LEAKY_BUCKET -> LeakyBucket.of(permits, window, maxWait());
			};
		}

		private Duration maxWait() {
			return required(LimitProperties.this.maxWait,
					"a leaky-bucket without max-wait: say how long a request may be delayed, 0s to refuse what comes early",
					"Add it, for example 'max-wait: 2s'.");
		}

		private @Nullable CalendarWindow calendar() {
			CalendarWindow.Unit unit = LimitProperties.this.calendar;
			ZoneId zone = LimitProperties.this.zone;
			if (unit == null) {
				require(zone == null, "a zone without a calendar",
						"Add 'calendar: day', week or month, or remove the zone.");
				return null;
			}
			require(LimitProperties.this.window == null, "both a window and a calendar", "Leave one of them out.");
			require(this.algorithm == Algorithm.FIXED_WINDOW,
					"a calendar belongs to algorithm fixed-window, not to " + this.algorithm.id,
					"Remove the calendar, or the algorithm.");
			return new CalendarWindow(unit, (zone != null) ? zone : ZoneOffset.UTC);
		}

		private void requireOwner(@Nullable Object value, Algorithm owner, String name) {
			require(value == null || this.algorithm == owner,
					"a %s belongs to algorithm %s, not to %s".formatted(name, owner.id, this.algorithm.id),
					"Remove the %s, or write 'algorithm: %s'.".formatted(name, owner.id));
		}

		private <T> T required(@Nullable T value, String message, String action) {
			if (value == null) {
				throw new InvalidRateLimitException(this.property, message, action);
			}
			return value;
		}

		private void require(boolean condition, String message, String action) {
			if (!condition) {
				throw new InvalidRateLimitException(this.property, message, action);
			}
		}

	}

}
