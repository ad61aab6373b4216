package io.ratelimit.redis;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import io.ratelimit.SlidingWindow;

/**
 * Values as they can stand in Redis although the script has not written them: its own
 * ones with something changed, made ones with numbers at the edges, and bytes at random.
 */
final class StoredValues {

	private static final int NUMBER_BYTES = 7;

	private static final int MOST_NUMBERS = 70;

	private static final int LONG_BYTES = 1 << 18;

	private static final long[] EDGES = { 0, 1, 2, 60, 61, 64, 65, 0xff, 0x100, 0xffff, 0x10000, 0xffff_ffffL, 1L << 32,
			999_999_999_999_999L, 1_000_000_000_000_000L, 1L << 52, (1L << 53) - (1L << 49), (1L << 53) - 1, 1L << 53,
			(1L << 53) + 1, (1L << 56) - 1 };

	private final Random random;

	StoredValues(Random random) {
		this.random = random;
	}

	/**
	 * Returns a value for a policy.
	 * @param own values that the script has written for it
	 * @param now the time at which it will be read
	 */
	byte[] next(EncodedPolicy policy, List<byte[]> own, Instant now) {
		return switch (this.random.nextInt(20)) {
			case 0 -> any(own);
			case 1 -> noise(this.random.nextInt(80));
			case 2 -> versioned(noise(this.random.nextInt(80)));
			case 3 -> (this.random.nextInt(50) == 0) ? longOne(any(own)) : cut(any(own));
			case 4 -> join(any(own), Arrays.copyOfRange(any(own), 1, 1 + this.random.nextInt(30)));
			case 5, 6, 7, 8, 9, 10 -> changed(any(own));
			default -> made(policy, now);
		};
	}

	private byte[] any(List<byte[]> own) {
		return own.get(this.random.nextInt(own.size()));
	}

	private byte[] noise(int size) {
		byte[] noise = new byte[size];
		this.random.nextBytes(noise);
		return noise;
	}

	private byte[] cut(byte[] value) {
		return Arrays.copyOf(value, this.random.nextInt(value.length + 1));
	}

	private byte[] longOne(byte[] value) {
		return switch (this.random.nextInt(3)) {
			case 0 -> Arrays.copyOf(value, LONG_BYTES);
			case 1 -> versioned(noise(LONG_BYTES));
			default -> versioned(new byte[this.random.nextInt(LONG_BYTES)]);
		};
	}

	/**
	 * Returns the value with a few bits, bytes or numbers changed.
	 */
	private byte[] changed(byte[] value) {
		byte[] changed = value.clone();
		for (int i = this.random.nextInt(3); i >= 0; i--) {
			int at = this.random.nextInt(changed.length);
			switch (this.random.nextInt(4)) {
				case 0 -> changed[at] ^= (byte) (1 << this.random.nextInt(Byte.SIZE));
				case 1 -> changed[at] = (byte) (this.random.nextInt(5) - 2);
				case 2 -> changed[at] = (byte) this.random.nextInt();
				default -> {
					byte[] number = number(edge());
					System.arraycopy(number, 0, changed, at, Math.min(number.length, changed.length - at));
				}
			}
		}
		return changed;
	}

	private byte[] made(EncodedPolicy policy, Instant now) {
		ByteArrayOutputStream value = new ByteArrayOutputStream();
		value.write(1);
		for (Limit limit : policy.policy.limits()) {
			if (this.random.nextInt(20) > 0) {
				byte[] signature = Arrays.copyOf(EncodedLimit.of(limit, now), 1 + NUMBER_BYTES);
				byte[] used = used(limit, ChronoUnit.MICROS.between(Instant.EPOCH, now));
				int length = (this.random.nextInt(20) > 0) ? used.length : this.random.nextInt(1 << Short.SIZE);
				value.writeBytes(signature);
				value.write(length >>> Byte.SIZE);
				value.write(length);
				value.writeBytes(used);
			}
		}
		return value.toByteArray();
	}

	private byte[] used(Limit limit, long now) {
		long window = limit.window().toNanos() / 1000;
		if (limit instanceof SlidingWindow) {
			return this.random.nextBoolean() ? moments(window, now) : segments(limit, window, now);
		}
		if (limit instanceof FixedWindow) {
			long start = near(now, window);
			boolean aligned = this.random.nextInt(4) > 0;
			return numbers(aligned ? start - Math.floorMod(start, window) : start, upTo(limit));
		}
		long permits = this.random.nextInt(3) > 0 ? limit.permits() : upTo(limit);
		long fraction = this.random.nextInt(3) > 0 ? this.random.nextLong(Math.max(1, permits)) : edge();
		return numbers(near(now, window), fraction, permits);
	}

	private byte[] moments(long window, long now) {
		long[] moments = new long[this.random.nextInt(MOST_NUMBERS)];
		long newest = near(now, window);
		boolean together = this.random.nextInt(4) > 0;
		Arrays.setAll(moments, (i) -> together ? newest - this.random.nextLong(window) : near(now, window));
		if (this.random.nextInt(4) > 0) {
			Arrays.sort(moments);
		}
		return join(new byte[] { 'L' }, numbers(moments));
	}

	private byte[] segments(Limit limit, long window, long now) {
		int[] widths = { 1, 1, 1, 2, 4, 7, this.random.nextInt(256) };
		int width = widths[this.random.nextInt(widths.length)];
		long segment = (window + 59) / 60;
		byte[] counts = noise((1 + this.random.nextInt(MOST_NUMBERS)) * width % 1000);
		long sum = 0;
		for (int at = 0; at < counts.length; at++) {
			if (this.random.nextBoolean() || at % width < width - 6) {
				counts[at] = 0;
			}
			sum += (counts[at] & 0xffL) << (Byte.SIZE * (width - 1 - at % width));
		}
		long used = switch (this.random.nextInt(8)) {
			case 0 -> upTo(limit);
			case 1 -> sum + this.random.nextInt(11) - 5;
			default -> sum;
		};
		return join(join(new byte[] { 'S', (byte) width }, numbers(near(now, window) / segment, used)), counts);
	}

	/**
	 * Returns a time: most likely one around now that matters, else any.
	 */
	private long near(long now, long window) {
		return switch (this.random.nextInt(10)) {
			case 0 -> edge();
			case 1 -> now + (this.random.nextLong() >> this.random.nextInt(11, Long.SIZE));
			case 2 -> now + window;
			case 3, 4 -> now + this.random.nextLong(window);
			default -> now - this.random.nextLong(window);
		};
	}

	private long upTo(Limit limit) {
		return this.random.nextBoolean() ? edge() : this.random.nextLong(limit.permits() + 1);
	}

	private long edge() {
		return switch (this.random.nextInt(3)) {
			case 0 -> this.random.nextLong() >>> this.random.nextInt(Byte.SIZE, Long.SIZE);
			case 1 -> EDGES[this.random.nextInt(EDGES.length)];
			default -> this.random.nextInt(100);
		};
	}

	private static byte[] versioned(byte[] rest) {
		return join(new byte[] { 1 }, rest);
	}

	private static byte[] join(byte[] first, byte[] second) {
		byte[] joined = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, joined, first.length, second.length);
		return joined;
	}

	private static byte[] numbers(long... numbers) {
		byte[] bytes = {};
		for (long number : numbers) {
			bytes = join(bytes, number(number));
		}
		return bytes;
	}

	private static byte[] number(long number) {
		byte[] bytes = new byte[NUMBER_BYTES];
		for (int i = 0; i < NUMBER_BYTES; i++) {
			bytes[i] = (byte) (number >>> (Byte.SIZE * (NUMBER_BYTES - 1 - i)));
		}
		return bytes;
	}

}
