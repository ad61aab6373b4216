package io.ratelimit.redis;

import java.nio.ByteBuffer;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for the numbers of every answer, whatever stood in the server.
 */
final class PossibleAnswer {

	private static final long NEVER = -1;

	private static final long LONGEST = 1L << 54;

	private PossibleAnswer() {
	}

	/**
	 * Checks an answer by itself.
	 */
	static void check(Question question, byte[] bytes) {
		ByteBuffer numbers = ByteBuffer.wrap(bytes);
		boolean alone = question.lines().size() == 1;
		for (Line line : question.lines()) {
			long delay = numbers.getLong();
			if (delay != NEVER || alone || question.operation() != Operation.SLIDE) {
				assertThat(delay).isBetween(0L, LONGEST);
				limits(line.policy().policy, numbers);
				if (question.operation() == Operation.LEASE) {
					assertThat(numbers.getLong()).as("taken ahead").isBetween(0L, question.amount());
					assertThat(numbers.getLong()).as("time to spend").isBetween(0L, LONGEST);
				}
			}
		}
		assertThat(numbers.hasRemaining()).isFalse();
		if (alone) {
			new Answer(bytes).next(question.lines().get(0).policy().policy, 0);
		}
	}

	private static void limits(Policy policy, ByteBuffer numbers) {
		for (Limit limit : policy.limits()) {
			assertThat(numbers.getLong()).as("wait for %s", limit).isBetween(NEVER, LONGEST);
			long remaining = numbers.getLong();
			assertThat(remaining).as("remaining of %s", limit).isBetween(0L, limit.capacity());
			long reset = numbers.getLong();
			assertThat(reset).as("reset of %s", limit).isBetween((remaining < limit.capacity()) ? 1L : 0L, LONGEST);
		}
	}

}
