package io.ratelimit.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.redis.Question.Operation;

/**
 * The server, or the cluster of them, as the store talks to it: within a time, and not at
 * all for a while after it has failed. Where there is no connection, calls fail at once
 * and one is made in the background. Safe for use by many threads.
 */
final class Server implements AutoCloseable {

	private static final String OUTSIDE = "RATELIMITCALENDAR ";

	private static final String FORMAT = "RATELIMITFORMAT ";

	private static final String LOST = "there is no connection to Redis";

	private static final String PAUSED = "Redis has failed several times in a row and is not asked for a moment";

	private final Script script;

	private final Duration timeout;

	private final Breaker breaker = new Breaker(System::nanoTime);

	private final Link link;

	private final LongSupplier nanoTime;

	private final LongConsumer calls;

	private final Convoy convoy;

	/**
	 * Makes a server that there is no connection to.
	 * @param connector makes a connection
	 * @param calls told how long each call took
	 */
	Server(Supplier<Connection> connector, Script script, Duration timeout, LongSupplier nanoTime, LongConsumer calls) {
		this.nanoTime = nanoTime;
		this.calls = calls;
		this.script = script;
		this.timeout = timeout;
		this.convoy = new Convoy(this::ask, timeout, System::nanoTime);
		this.link = new Link(connector, this.breaker::succeeded);
	}

	/**
	 * Connects on the calling thread, for as long as the client takes.
	 */
	void connect() {
		this.link.connectHere();
	}

	/**
	 * Runs the script on no claims, and connects before where there is no connection.
	 * @param patience longest time that both may take
	 * @throws RateLimitStoreException if they take longer, or fail
	 */
	void ping(Duration patience) {
		Connection known = this.link.connection();
		CompletableFuture<Connection> connection = (known != null && !known.isLost())
				? CompletableFuture.completedFuture(known) : this.link.connect();
		await(connection.thenCompose((open) -> evaluate(open, Question.NOTHING)), patience,
				(failure) -> exception(failure, patience));
	}

	/**
	 * Returns the reading of the clock that tells how long something was held.
	 */
	long nanoTime() {
		return this.nanoTime.getAsLong();
	}

	/**
	 * Runs the script.
	 * @return the numbers that it returns
	 */
	CompletableFuture<byte[]> ask(Question question) {
		return call((connection) -> evaluate(connection, question).exceptionallyCompose((failure) -> {
			String message = String.valueOf(cause(failure).getMessage());
			return message.startsWith(OUTSIDE)
					? evaluate(connection, question.around(Long.parseLong(message.substring(OUTSIDE.length()))))
					: CompletableFuture.failedFuture(failure);
		}));
	}

	/**
	 * Decides a claim on sliding windows, together with others that come meanwhile. Where
	 * the server cannot be asked, that is known at once.
	 * @return the numbers that the script returns of it
	 */
	CompletableFuture<byte[]> slide(Question.Line line) {
		Connection connection = this.link.connection();
		return (connection != null && connection.isSinglePlace() && !connection.isLost() && !this.breaker.isOpen())
				? this.convoy.take(line) : ask(Question.of(Operation.SLIDE, line));
	}

	CompletableFuture<Long> delete(String key) {
		return call((connection) -> connection.send((commands) -> commands.del(key), key));
	}

	/**
	 * Waits for an answer, not for longer than the timeout.
	 * @throws RateLimitStoreException if there is none by then
	 */
	<T> T await(CompletableFuture<T> answer) {
		return await(answer, this.timeout, this::failed);
	}

	/**
	 * Makes an answer fail once the timeout is over, and by the store's exception only.
	 */
	<T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
		return answer.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS).handle((answered, failure) -> {
			if (failure != null) {
				throw failed(cause(failure));
			}
			this.breaker.succeeded();
			return answered;
		});
	}

	@Override
	public void close() {
		this.link.close();
	}

	/**
	 * Does something with the connection. One that is lost is left to mend itself, and
	 * replaced if it has not by the end of a pause.
	 */
	private <T> CompletableFuture<T> call(Function<Connection, CompletableFuture<T>> call) {
		if (!this.breaker.admits()) {
			return CompletableFuture.failedFuture(new NotAskedException(Kind.NOT_ASKED, PAUSED));
		}
		Connection connection = this.link.connection();
		if (connection != null && !connection.isLost()) {
			long since = this.nanoTime.getAsLong();
			return timed(call.apply(connection), since);
		}
		if (connection == null || this.breaker.isOpen()) {
			CompletableFuture<Connection> unused = this.link.connect();
		}
		this.breaker.failed();
		return CompletableFuture.failedFuture(new NotAskedException(Kind.CONNECTION, LOST));
	}

	/**
	 * Tells how long a call takes, beside whoever waits for it.
	 */
	private <T> CompletableFuture<T> timed(CompletableFuture<T> answer, long since) {
		if (this.calls != RedisRateLimitStore.NOBODY) {
			CompletableFuture<T> unused = answer.whenComplete((answered, failure) -> {
				if (failure == null || !(cause(failure) instanceof NotAskedException)) {
					this.calls.accept(this.nanoTime.getAsLong() - since);
				}
			});
		}
		return answer;
	}

	private <T> T await(CompletableFuture<T> answer, Duration time,
			Function<Throwable, RateLimitStoreException> failed) {
		try {
			T answered = answer.get(time.toNanos(), TimeUnit.NANOSECONDS);
			this.breaker.succeeded();
			return answered;
		}
		catch (TimeoutException | CancellationException ex) {
			throw failed.apply(ex);
		}
		catch (ExecutionException ex) {
			throw failed.apply(cause(ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RateLimitStoreException("interrupted while Redis was asked", ex);
		}
	}

	private CompletableFuture<byte[]> evaluate(Connection connection, Question question) {
		String[] keys = question.keys();
		byte[][] arguments = this.script.arguments().apply(question.arguments());
		CompletableFuture<byte[]> answer = connection
			.send((commands) -> commands.evalsha(this.script.digest(), ScriptOutputType.VALUE, keys, arguments), keys);
		return answer.exceptionallyCompose((failure) -> {
			if (cause(failure) instanceof RedisNoScriptException) {
				return connection.send(
						(commands) -> commands.eval(this.script.text(), ScriptOutputType.VALUE, keys, arguments), keys);
			}
			return CompletableFuture.failedFuture(failure);
		});
	}

	private RateLimitStoreException failed(Throwable failure) {
		if (unreadable(failure)) {
			this.breaker.succeeded();
		}
		else if (!(failure instanceof RateLimitStoreException)) {
			this.breaker.failed();
		}
		Connection connection = this.link.connection();
		if (connection != null && late(failure)) {
			connection.withdrawOverdue();
		}
		return exception(failure, this.timeout);
	}

	private static RateLimitStoreException exception(Throwable failure, Duration timeout) {
		if (failure instanceof RateLimitStoreException ex) {
			return ex;
		}
		if (late(failure)) {
			return new RateLimitStoreException(Kind.TIMEOUT,
					"Redis did not answer within " + timeout.toMillis() + " ms", null);
		}
		if (unreadable(failure)) {
			return new RateLimitStoreException(Kind.ERROR,
					"Redis holds a value that this version cannot read: " + failure.getMessage(), failure);
		}
		if (failure instanceof RedisCommandExecutionException) {
			return new RateLimitStoreException(Kind.ERROR, "Redis answered with a failure: " + failure.getMessage(),
					failure);
		}
		String reason = (failure instanceof RedisConnectionException && failure.getCause() != null)
				? failure.getMessage() + ": " + failure.getCause().getMessage()
				: "Redis answered with a failure: " + failure.getMessage();
		return new RateLimitStoreException((failure instanceof RedisException) ? Kind.CONNECTION : Kind.OTHER, reason,
				failure);
	}

	private static boolean late(Throwable failure) {
		return failure instanceof TimeoutException || failure instanceof CancellationException;
	}

	private static boolean unreadable(Throwable failure) {
		String message = String.valueOf(failure.getMessage());
		return failure instanceof RedisCommandExecutionException
				&& (message.startsWith(FORMAT) || message.startsWith("WRONGTYPE"));
	}

	private static Throwable cause(Throwable failure) {
		Throwable cause = failure.getCause();
		boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
		return (wrapped && cause != null) ? cause(cause) : failure;
	}

}
