package io.ratelimit.redis;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/**
 * One call of the script: what to do with which claims.
 *
 * @param operation what to do
 * @param amount for {@link Operation#LEASE} how many permits to take ahead; for
 * {@link Operation#GIVE_BACK} how many microseconds ago, at most, the permits were taken;
 * for {@link Operation#RESET} for how many microseconds what was taken before could be
 * given back
 * @param lines the claims, no key twice, but for {@link Operation#SLIDE} one behind the
 * other
 */
record Question(Operation operation, long amount, List<Line> lines) {

	/** Changes nothing, and shows that the script runs. */
	static final Question NOTHING = new Question(Operation.PEEK, 0, List.of());

	private static final byte[] NO_BYTES = {};

	private static final long NANOS_PER_MICRO = 1000;

	/**
	 * Returns a question of one claim.
	 */
	static Question of(Operation operation, Line line) {
		return new Question(operation, 0, List.of(line));
	}

	/**
	 * Returns the question that gives back what was taken.
	 * @param heldNanos how long ago at most
	 */
	static Question giveBack(List<Line> lines, long heldNanos) {
		return new Question(Operation.GIVE_BACK, -Math.floorDiv(-heldNanos, NANOS_PER_MICRO), lines);
	}

	/**
	 * Returns the question that forgets what a key has used, and when that was.
	 */
	static Question reset(Line line) {
		return new Question(Operation.RESET, line.policy().memory().toNanos() / NANOS_PER_MICRO + 1, List.of(line));
	}

	/**
	 * Returns the first key: all keys of a question stand in one slot.
	 */
	String firstKey() {
		return this.lines.get(0).key();
	}

	String[] keys() {
		String[] keys = new String[this.lines.size()];
		for (int i = 0; i < keys.length; i++) {
			keys[i] = this.lines.get(i).key();
		}
		return keys;
	}

	byte[][] arguments() {
		int size = sizeOfArguments();
		byte[][] arguments = new byte[2 + 2 * size][];
		arguments[0] = bytes(this.operation.text);
		arguments[1] = bytes(Long.toString(this.amount));
		for (int i = 0; i < size; i++) {
			boolean same = isLikeTheOneBefore(i);
			arguments[2 + 2 * i] = same ? NO_BYTES : this.lines.get(i).policy().limits;
			arguments[3 + 2 * i] = same ? NO_BYTES : bytes(this.lines.get(i).permitsOf(this.operation));
		}
		return arguments;
	}

	/**
	 * Returns for how many lines there are arguments: not for the last ones that are like
	 * the one before.
	 */
	private int sizeOfArguments() {
		int size = this.lines.size();
		while (size > 0 && isLikeTheOneBefore(size - 1)) {
			size--;
		}
		return size;
	}

	/**
	 * Returns the same question with windows of the calendar around another moment.
	 */
	Question around(long micros) {
		return new Question(this.operation, this.amount,
				this.lines.stream().map((line) -> line.around(micros)).toList());
	}

	private boolean isLikeTheOneBefore(int line) {
		return this.operation == Operation.SLIDE && line > 0
				&& this.lines.get(line).policy() == this.lines.get(line - 1).policy()
				&& this.lines.get(line).permits() == this.lines.get(line - 1).permits();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * What the script can be asked to do.
	 */
	enum Operation {

		TAKE("take"), SLIDE("slide"), LEASE("lease"), PEEK("peek"), GIVE_BACK("give-back"), RESET("reset");

		private final String text;

		Operation(String text) {
			this.text = text;
		}

	}

	/**
	 * One claim of it.
	 *
	 * @param limiter the limiter
	 * @param policy its policy when the question was made
	 * @param key the key in Redis
	 * @param permits how many permits
	 * @param counted which of the policy's limits have counted what is given back
	 */
	record Line(RedisPolicy limiter, EncodedPolicy policy, String key, long permits, BitSet counted) {

		/**
		 * Returns a line that concerns all limits of a policy.
		 */
		static Line of(RedisPolicy limiter, EncodedPolicy policy, String key, long permits) {
			return new Line(limiter, policy, key, permits, policy.all);
		}

		/**
		 * Returns a line for this and another one on the same key.
		 */
		Line plus(Line other) {
			long sum = Math.min(this.permits, Long.MAX_VALUE - other.permits) + other.permits;
			return new Line(this.limiter, this.policy, this.key, sum, this.counted);
		}

		private Line around(long micros) {
			return new Line(this.limiter, this.limiter.around(this.policy, micros), this.key, this.permits,
					this.counted);
		}

		private String permitsOf(Operation operation) {
			int limits = this.policy.policy.limits().size();
			if (operation != Operation.GIVE_BACK || this.counted.cardinality() == limits) {
				return Long.toString(this.permits);
			}
			StringBuilder text = new StringBuilder().append(this.permits);
			for (int i = 0; i < limits; i++) {
				text.append(this.counted.get(i) ? '+' : '-');
			}
			return text.toString();
		}

	}

}
