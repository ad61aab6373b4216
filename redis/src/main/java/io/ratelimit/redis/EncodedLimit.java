package io.ratelimit.redis;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.ratelimit.CalendarWindow;
import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.TokenBucket;

/**
 * A limit as the script reads it: a signature of eight bytes, by which a limit that
 * replaces it finds what was used, and numbers of seven bytes each, in microseconds where
 * they are times.
 */
final class EncodedLimit {

	/** What the script's numbers stay below, whatever is added to them. */
	private static final BigInteger MOST = BigInteger.ONE.shiftLeft(52);

	private static final int NUMBER_BYTES = 7;

	private static final int SEGMENTS = 60;

	private EncodedLimit() {
	}

	/**
	 * Encodes a limit.
	 * @param limit the limit
	 * @param now about the server's time, for a window of the calendar
	 * @return its bytes
	 * @throws IllegalArgumentException if it cannot be counted exactly in Redis
	 */
	static byte[] of(Limit limit, Instant now) {
		long window = micros(limit, limit.window());
		if (limit instanceof FixedWindow fixed) {
			CalendarWindow calendar = fixed.calendar();
			return (calendar != null) ? calendar(limit, calendar, now) : signed('f', window, limit.permits(), window);
		}
		if (limit instanceof TokenBucket bucket) {
			return bucket('t', limit, window, bucket.burst(), 0, "its burst or its permits");
		}
		if (limit instanceof LeakyBucket bucket) {
			return bucket('l', limit, window, 1, micros(limit, bucket.maxWait()), "its max-wait or its permits");
		}
		return signed('s', window, limit.permits(), window, (window + SEGMENTS - 1) / SEGMENTS);
	}

	/**
	 * Encodes the limits of a policy, one behind the other.
	 */
	static byte[] of(List<Limit> limits, Instant now) {
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		limits.forEach((limit) -> encoded.writeBytes(of(limit, now)));
		return encoded.toByteArray();
	}

	private static byte[] calendar(Limit limit, CalendarWindow calendar, Instant now) {
		ZonedDateTime current = calendar.startAt(now.atZone(ZoneOffset.UTC));
		ZonedDateTime next = calendar.endAt(current);
		return signed('c', digest(calendar.unit().id() + ' ' + calendar.zone()), limit.permits(),
				micros(calendar.startAt(current.minusSeconds(1))), micros(current), micros(next),
				micros(calendar.endAt(next)));
	}

	private static byte[] bucket(char algorithm, Limit limit, long window, long burst, long maxWait, String numbers) {
		long permits = limit.permits();
		long rest = window % permits;
		long factor = Math.max(permits, window / permits + 1);
		if (BigInteger.valueOf(limit.capacity() + 1).multiply(BigInteger.valueOf(factor)).compareTo(MOST) >= 0) {
			throw new IllegalArgumentException(
					"limit %s cannot be counted exactly in Redis: make %s smaller".formatted(limit, numbers));
		}
		long tolerance = maxWait + burst * (window / permits) + burst * rest / permits;
		return signed(algorithm, window, permits, window, limit.capacity(), tolerance, burst * rest % permits,
				MOST.longValueExact() / factor);
	}

	private static byte[] signed(char algorithm, long signature, long... numbers) {
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		encoded.write(algorithm);
		put(encoded, signature);
		for (long number : numbers) {
			put(encoded, number);
		}
		return encoded.toByteArray();
	}

	private static void put(ByteArrayOutputStream encoded, long number) {
		for (int shift = (NUMBER_BYTES - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
			encoded.write((byte) (number >>> shift));
		}
	}

	private static long micros(Limit limit, Duration time) {
		long nanos = time.toNanos();
		if (nanos % 1000 != 0) {
			throw new IllegalArgumentException(
					"limit %s: Redis counts in microseconds, and %s is not a whole number of them".formatted(limit,
							time));
		}
		return nanos / 1000;
	}

	private static long micros(ZonedDateTime moment) {
		return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
	}

	private static long digest(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return ByteBuffer.wrap(digest).getLong() >>> Byte.SIZE;
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
