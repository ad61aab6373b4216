package io.ratelimit.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * What the script says, read from the front. Used by one thread.
 */
final class Answer {

	private static final long NANOS_PER_MICRO = 1000;

	private static final int NUMBERS = 3;

	private final ByteBuffer numbers;

	private int position;

	Answer(byte[] numbers) {
		this.numbers = ByteBuffer.wrap(numbers);
	}

	/**
	 * Returns the bytes of the next decision, or nothing where there is none.
	 * @throws IllegalStateException if the answer ends before
	 */
	byte @Nullable [] nextBytes(Policy policy) {
		byte[] all = this.numbers.array();
		int from = this.position;
		boolean none = from * Long.BYTES < all.length && number(from) < 0;
		this.position += none ? 1 : 1 + NUMBERS * policy.limits().size();
		int to = this.position * Long.BYTES;
		if (to > all.length) {
			throw new IllegalStateException(
					"an answer of %s bytes, where there should be %s".formatted(all.length, to));
		}
		if (none) {
			return null;
		}
		return (from == 0 && to == all.length) ? all : Arrays.copyOfRange(all, from * Long.BYTES, to);
	}

	/**
	 * Reads the decision on the next claim.
	 * @param asked when the server was about to be asked, by the store's clock
	 */
	Decision next(Policy policy, long asked) {
		List<Limit> limits = policy.limits();
		long delay = nanos(number(this.position));
		int first = this.position + 1;
		this.position = first + NUMBERS * limits.size();
		int longest = longest(first, limits.size());
		if (wait(first, longest) > 0) {
			return denied(policy, first, longest);
		}
		int least = least(limits, first);
		return Decision.allowed(policy, limits.get(least), remaining(first, least), delay, reset(first, least), asked);
	}

	/**
	 * Reads how many permits were taken ahead, behind the decision.
	 */
	long ahead() {
		return number(this.position);
	}

	/**
	 * Reads how long the permits that were taken ahead can be spent, behind the decision.
	 */
	long leaseNanos() {
		return nanos(number(this.position + 1));
	}

	/**
	 * Returns the decision of the limit with the longest wait, and chains those of the
	 * others that deny too.
	 */
	private Decision denied(Policy policy, int first, int longest) {
		Decision next = null;
		for (int i = policy.limits().size() - 1; i >= 0; i--) {
			if (i != longest && wait(first, i) > 0) {
				next = denied(policy, first, i, next);
			}
		}
		return denied(policy, first, longest, next);
	}

	private Decision denied(Policy policy, int first, int index, @Nullable Decision next) {
		return Decision.denied(policy, policy.limits().get(index), remaining(first, index), wait(first, index),
				reset(first, index), next);
	}

	private int longest(int first, int limits) {
		int longest = 0;
		for (int i = 1; i < limits; i++) {
			if (wait(first, i) > wait(first, longest)) {
				longest = i;
			}
		}
		return longest;
	}

	private int least(List<Limit> limits, int first) {
		int least = 0;
		double share = Double.MAX_VALUE;
		for (int i = 0; i < limits.size(); i++) {
			double left = (double) remaining(first, i) / limits.get(i).capacity();
			if (left < share) {
				least = i;
				share = left;
			}
		}
		return least;
	}

	private long wait(int first, int index) {
		long micros = number(first + NUMBERS * index);
		return (micros < 0) ? Decision.NEVER : nanos(micros);
	}

	private long remaining(int first, int index) {
		return number(first + NUMBERS * index + 1);
	}

	private long reset(int first, int index) {
		return nanos(number(first + NUMBERS * index + 2));
	}

	private long number(int index) {
		return this.numbers.getLong(index * Long.BYTES);
	}

	private static long nanos(long micros) {
		return (micros > Long.MAX_VALUE / NANOS_PER_MICRO) ? Decision.NEVER - 1 : micros * NANOS_PER_MICRO;
	}

}
