package io.ratelimit.tck;

import java.util.Random;

import io.ratelimit.Decision;
import io.ratelimit.Limit;

/**
 * Claims on one key, drawn from a seed and led by what the store has answered, so that
 * they come when it hurts.
 */
final class Traffic {

	/**
	 * What the claims have in mind.
	 */
	enum Shape {

		/** Anything. */
		RANDOM,

		/** Two windows of silence and some more, then all that there is. */
		IDLE_THEN_BURST,

		/** All that there is, a part of a window, all that there is. */
		BURST_GAP_BURST,

		/** More than there is, all the time. */
		SATURATION,

		/** As much as the limit brings, one at a time. */
		DRIP,

		/** One step of the clock before a moment that matters, at it, and after it. */
		EDGES

	}

	private static final int SEGMENTS = 60;

	private final Random random;

	private final Shape shape;

	private final long step;

	private final long window;

	private final long capacity;

	private final long portion;

	private final long interval;

	private int turn = -1;

	Traffic(Limit limit, Shape shape, long seed, long step) {
		this.random = new Random(seed);
		this.shape = shape;
		this.step = step;
		this.window = limit.window().toNanos();
		this.capacity = limit.capacity();
		this.portion = Math.max(1, limit.permits() / SEGMENTS);
		this.interval = (long) ((double) this.window / limit.permits() * this.portion);
	}

	/**
	 * Returns how long to wait before the next claim.
	 * @param last the decision on the last claim
	 * @return nanoseconds, a multiple of the step
	 */
	long pause(Decision last) {
		this.turn++;
		long nanos = switch (this.shape) {
			case RANDOM -> random(last);
			case IDLE_THEN_BURST ->
				(this.turn % 8 == 0) ? 2 * this.window + segments() : (this.turn % 8 < 5) ? 0 : gap();
			case BURST_GAP_BURST -> (this.turn % 4 == 0) ? segments() : 0;
			case SATURATION -> last.allowed() ? upTo(this.interval) : retry(last, upTo(this.window / SEGMENTS));
			case DRIP -> this.interval / (1 + this.random.nextInt(2)) + edge();
			case EDGES -> this.random.nextBoolean() ? retry(last, this.window) + edge() : gap();
		};
		return Math.max(0, nanos) / this.step * this.step;
	}

	/**
	 * Returns how many permits to claim next.
	 * @param last the decision on the last claim
	 * @return at least 1, and at times more than there are
	 */
	long permits(Decision last) {
		long left = Math.max(1, last.remaining());
		return switch (this.shape) {
			case RANDOM, EDGES -> switch (this.random.nextInt(8)) {
				case 0 -> left;
				case 1 -> left + 1;
				case 2 -> this.capacity;
				case 3 -> 1 + upTo(this.capacity);
				case 4 -> 1 + upTo(this.capacity / 4);
				case 5 -> this.portion;
				default -> 1;
			};
			case IDLE_THEN_BURST, BURST_GAP_BURST -> switch (this.turn % 4) {
				case 0 -> 1 + upTo(this.capacity / 2);
				case 1 -> left;
				default -> this.portion;
			};
			case SATURATION -> this.random.nextBoolean() ? this.portion : left;
			case DRIP -> this.portion;
		};
	}

	private long random(Decision last) {
		return switch (this.random.nextInt(8)) {
			case 0 -> this.interval;
			case 1 -> upTo(2 * this.interval);
			case 2 -> upTo(this.window / 20);
			case 3 -> upTo(this.window / 4);
			case 4 -> upTo(this.window * 2);
			case 5 -> retry(last, 0);
			default -> 0;
		};
	}

	private long gap() {
		return switch (this.random.nextInt(6)) {
			case 0 -> 0;
			case 1 -> this.step;
			case 2 -> this.window + edge();
			case 3 -> this.window / 2 + edge();
			default -> segments();
		};
	}

	private long segments() {
		return (this.window + SEGMENTS - 1) / SEGMENTS * this.random.nextInt(SEGMENTS + 2) + edge();
	}

	private long edge() {
		return (this.random.nextInt(3) - 1) * this.step;
	}

	private long retry(Decision last, long otherwise) {
		long retryAfter = last.retryAfterNanos();
		return (retryAfter > 0 && retryAfter != Decision.NEVER) ? retryAfter : otherwise;
	}

	private long upTo(long bound) {
		return (bound < 1) ? 0 : (long) (this.random.nextDouble() * (bound + 1));
	}

}
