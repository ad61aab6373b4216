package io.ratelimit.redis;

import java.util.concurrent.CompletableFuture;

import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A command that was sent.
 *
 * @param question the question, if the script was called
 * @param answer what will be answered
 */
record Sent(@Nullable Question question, CompletableFuture<byte[]> answer) {

	/**
	 * Checks that the answer is one that the store can read, or says that a value is
	 * corrupt or of another format.
	 */
	void check() {
		if (!isCorrupt() && this.question != null && this.question.operation() != Operation.GIVE_BACK) {
			PossibleAnswer.check(this.question, bytes());
		}
	}

	boolean isCorrupt() {
		String failure = this.answer.handle((bytes, ex) -> (ex != null) ? String.valueOf(ex.getMessage()) : "").join();
		if (!failure.isEmpty()) {
			assertThat(failure).startsWith("RATELIMITFORMAT ");
		}
		return !failure.isEmpty();
	}

	byte[] bytes() {
		return this.answer.join();
	}

}
