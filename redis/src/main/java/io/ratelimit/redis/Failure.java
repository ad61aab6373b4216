package io.ratelimit.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;

/**
 * Classifies the failures of commands: as failures of the key, or of the node that keeps
 * it.
 */
final class Failure {

	private static final String OUTSIDE = "RATELIMITCALENDAR ";

	private static final String FORMAT = "RATELIMITFORMAT ";

	/** Errors of a node that can count nothing, whatever the key. */
	private static final Set<String> OF_NODE = Set.of("LOADING", "BUSY", "READONLY", "MASTERDOWN", "MISCONF",
			"NOREPLICAS", "NOAUTH");

	/** Errors of a node that is no master any more. */
	private static final Set<String> ELSEWHERE = Set.of("READONLY", "MASTERDOWN");

	/** Errors of a slot or a key that may pass. */
	private static final Set<String> FOR_NOW = Set.of("TRYAGAIN", "CLUSTERDOWN", "MOVED", "ASK", "OOM");

	private Failure() {
	}

	/**
	 * Returns whether the node has answered, if only with an error.
	 */
	static boolean isAnswer(Throwable failure) {
		return cause(failure) instanceof RedisCommandExecutionException;
	}

	/**
	 * Returns whether the node cannot answer for other keys either.
	 */
	static boolean isOfNode(Throwable failure) {
		return !isAnswer(failure) || OF_NODE.contains(code(failure));
	}

	/**
	 * Returns whether another node counts in the place of the one that was asked.
	 */
	static boolean isElsewhere(Throwable failure) {
		return isAnswer(failure) && ELSEWHERE.contains(code(failure));
	}

	/**
	 * Returns whether the keys of one call are on two nodes for the moment, since their
	 * slot is moving.
	 */
	static boolean isSlotMoving(Throwable failure) {
		return isAnswer(failure) && code(failure).equals("TRYAGAIN");
	}

	/**
	 * Returns whether there was no answer in time.
	 */
	static boolean isLate(Throwable failure) {
		return failure instanceof TimeoutException || failure instanceof CancellationException;
	}

	/**
	 * Returns whether the command has certainly had no effect, and may have one later.
	 */
	static boolean isForNow(Throwable failure) {
		return cause(failure) instanceof NotAskedException
				|| (isAnswer(failure) && (OF_NODE.contains(code(failure)) || FOR_NOW.contains(code(failure))));
	}

	/**
	 * Returns whether the script needs the windows of the calendar around another moment.
	 */
	static boolean isOutsideOfCalendar(Throwable failure) {
		return message(failure).startsWith(OUTSIDE);
	}

	/**
	 * Returns the moment that the script needs, in microseconds.
	 */
	static long moment(Throwable failure) {
		return Long.parseLong(message(failure).substring(OUTSIDE.length()));
	}

	/**
	 * Returns the store's exception for a failure.
	 * @param timeout how long the caller has waited
	 */
	static RateLimitStoreException exception(Throwable failure, Duration timeout) {
		if (failure instanceof RateLimitStoreException ex) {
			return ex;
		}
		if (isLate(failure)) {
			return new RateLimitStoreException(Kind.TIMEOUT,
					"Redis did not answer within " + timeout.toMillis() + " ms", null);
		}
		if (isUnreadable(failure)) {
			return new RateLimitStoreException(Kind.KEY,
					"Redis holds a value that this version cannot read: " + failure.getMessage(), failure);
		}
		if (failure instanceof RedisCommandExecutionException) {
			return new RateLimitStoreException(code(failure).equals("OOM") ? Kind.FULL : Kind.ERROR,
					"Redis answered with a failure: " + failure.getMessage(), failure);
		}
		String message = Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
		String reason = (failure instanceof RedisConnectionException && failure.getCause() != null)
				? message + ": " + failure.getCause().getMessage() : "Redis did not answer: " + message;
		boolean broke = failure instanceof RedisException || failure instanceof IOException;
		return new RateLimitStoreException(broke ? Kind.CONNECTION : Kind.OTHER, reason, failure);
	}

	/**
	 * Returns what a future has failed with.
	 */
	static Throwable cause(Throwable failure) {
		Throwable cause = failure.getCause();
		boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
		return (wrapped && cause != null) ? cause(cause) : failure;
	}

	private static boolean isUnreadable(Throwable failure) {
		return failure instanceof RedisCommandExecutionException
				&& (message(failure).startsWith(FORMAT) || code(failure).equals("WRONGTYPE"));
	}

	private static String code(Throwable failure) {
		String message = message(failure);
		int end = message.indexOf(' ');
		return (end < 0) ? message : message.substring(0, end);
	}

	private static String message(Throwable failure) {
		return String.valueOf(cause(failure).getMessage());
	}

}
