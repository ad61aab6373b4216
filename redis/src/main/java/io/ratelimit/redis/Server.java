package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;

/**
 * The server, or the cluster of them, as the store talks to it: within a time, and not at
 * all for a while after a node has failed. Where there is no connection, calls fail at
 * once and one is made in the background. Safe for use by many threads.
 */
final class Server implements AutoCloseable {

	private static final String LOST = "there is no connection to Redis";

	private static final String PAUSED = "Redis has failed several times in a row and is not asked for a moment";

	/** How long the first connection may take: a virtual machine that starts is slow. */
	private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final Script script;

	private final Duration timeout;

	private final Link link;

	private static final byte[] NO_BYTES = {};

	private static final SetArgs AT_ONCE = SetArgs.Builder.px(1);

	private final LongSupplier nanoTime;

	private final LongConsumer calls;

	private final Convoy convoy;

	private final GiveBacks giveBacks;

	private final Deadline deadline;

	private final SilenceWatch silence;

	/**
	 * Creates a server that there is no connection to.
	 * @param calls receives how long each call took
	 */
	Server(Link.Connector connector, Script script, Duration timeout, LongSupplier nanoTime, LongConsumer calls) {
		this.nanoTime = nanoTime;
		this.calls = calls;
		this.script = script;
		this.timeout = timeout;
		this.deadline = new Deadline(timeout);
		this.convoy = new Convoy(this::ask, timeout, System::nanoTime);
		this.link = new Link(connector, System::nanoTime);
		this.silence = new SilenceWatch(this.link);
		this.giveBacks = new GiveBacks(this::ask, nanoTime,
				(millis) -> CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
	}

	/**
	 * Connects on the calling thread.
	 * @throws RuntimeException if there is no connection after a few seconds
	 */
	void connect() {
		Connection unused = Deadline.await(this.link.connect(START_NANOS), Duration.ofNanos(2 * START_NANOS),
				(failure) -> (failure instanceof RuntimeException ex) ? ex : new IllegalStateException(failure));
	}

	/**
	 * Runs the script on no claims and writes a key, for which a server that is full has
	 * no memory, and connects before where there is no connection.
	 * @param key the key, which expires at once
	 * @param patience longest time that all may take
	 * @throws RateLimitStoreException if they take longer, or fail
	 */
	void ping(String key, Duration patience) {
		Connection known = this.link.connection();
		CompletableFuture<Connection> connection = (known != null && !known.isLost())
				? CompletableFuture.completedFuture(known) : this.link.connect();
		Deadline.await(
				connection.thenCompose((open) -> evaluate(open, open.nodes().ofNoKey().new Attempt(), Question.NOTHING)
					.thenCompose((answer) -> open.send(open.nodes().of(key).new Attempt(),
							(commands) -> commands.set(key, NO_BYTES, AT_ONCE)))),
				patience, (failure) -> failed(failure, patience));
	}

	/**
	 * Returns the reading of the clock that measures how long something was held.
	 */
	long nanoTime() {
		return this.nanoTime.getAsLong();
	}

	/**
	 * Runs the script.
	 * @return the numbers that it returns
	 */
	CompletableFuture<byte[]> ask(Question question) {
		Connection connection = this.link.connection();
		if (connection == null || connection.isLost()) {
			return CompletableFuture.failedFuture(notConnected());
		}
		Node.Attempt attempt = connection.nodes().of(question.firstKey()).attempt();
		return (attempt != null) ? ask(connection, attempt, question) : CompletableFuture.failedFuture(paused());
	}

	/**
	 * Runs the script once for each question, all at the same time; or not at all while
	 * one of the nodes has a pause.
	 * @return the numbers that it returns for each question
	 */
	List<CompletableFuture<byte[]>> askAll(List<Question> questions) {
		Connection connection = this.link.connection();
		if (connection == null || connection.isLost()) {
			return failures(questions, notConnected());
		}
		List<Node> nodes = questions.stream().map((question) -> connection.nodes().of(question.firstKey())).toList();
		Map<Node, Node.Attempt> attempts = attempts(nodes);
		if (attempts == null) {
			return failures(questions, paused());
		}
		List<CompletableFuture<byte[]>> answers = new ArrayList<>(questions.size());
		for (int i = 0; i < questions.size(); i++) {
			answers.add(ask(connection, Objects.requireNonNull(attempts.get(nodes.get(i))), questions.get(i)));
		}
		return answers;
	}

	/**
	 * Gives back what was taken of several claims. Where the node cannot be asked at the
	 * moment, that is done later.
	 * @param taken when the claims were about to be made
	 */
	CompletableFuture<?> giveBack(List<Line> lines, long taken) {
		return this.giveBacks.giveBack(lines, taken);
	}

	/**
	 * Asks a question for each key that matches a pattern. May take seconds.
	 * @param question returns the question for a key
	 * @throws RateLimitStoreException if there is no answer to one of them
	 */
	void forEachKey(String pattern, Function<String, Question> question) {
		Connection connection = this.link.connection();
		if (connection == null || connection.isLost()) {
			throw failed(notConnected(), this.timeout);
		}
		new KeyScan(connection, pattern, this::failed).forEach((key) -> ask(question.apply(key)));
		if (this.link.connection() != connection) {
			throw new RateLimitStoreException(Kind.CONNECTION,
					"the connection to Redis was replaced while its keys were looked through", null);
		}
	}

	/**
	 * Decides a claim on sliding windows, together with others that come meanwhile. Where
	 * the server cannot be asked, that is known at once.
	 * @return the numbers that the script returns of it
	 */
	CompletableFuture<byte[]> slide(Line line) {
		Connection connection = this.link.connection();
		boolean together = connection != null && connection.isSinglePlace() && !connection.isLost()
				&& !connection.nodes().of(line.key()).isPaused();
		return together ? this.convoy.take(line) : ask(Question.of(Operation.SLIDE, line));
	}

	/**
	 * Waits for an answer, not for longer than the timeout.
	 * @throws RateLimitStoreException if there is none by then
	 */
	<T> T await(CompletableFuture<T> answer) {
		return Deadline.await(answer, this.timeout, (failure) -> failed(failure, this.timeout));
	}

	/**
	 * Returns a stage of an answer that fails once the timeout is over, and by the
	 * store's exception only.
	 */
	<T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
		return this.deadline.inTime(answer, (failure) -> failed(failure, this.timeout));
	}

	@Override
	public void close() {
		this.giveBacks.close();
		this.link.close();
	}

	private NotAskedException notConnected() {
		this.link.renew();
		return new NotAskedException(Kind.CONNECTION, LOST);
	}

	private static NotAskedException paused() {
		return new NotAskedException(Kind.NOT_ASKED, PAUSED);
	}

	private static List<CompletableFuture<byte[]>> failures(List<Question> questions, NotAskedException failure) {
		return questions.stream().map((question) -> CompletableFuture.<byte[]>failedFuture(failure)).toList();
	}

	/**
	 * Begins to ask every node, or none.
	 * @return the attempts, or {@code null} if a node has a pause
	 */
	private static @Nullable Map<Node, Node.Attempt> attempts(List<Node> nodes) {
		Map<Node, Node.Attempt> attempts = new HashMap<>();
		if (!nodes.stream().allMatch(Node::isReady)) {
			return null;
		}
		for (Node node : nodes) {
			Node.Attempt attempt = attempts.containsKey(node) ? attempts.get(node) : node.attempt();
			if (attempt == null) {
				attempts.values().forEach(Node.Attempt::cancel);
				return null;
			}
			attempts.put(node, attempt);
		}
		return attempts;
	}

	private CompletableFuture<byte[]> ask(Connection connection, Node.Attempt attempt, Question question) {
		return timed(() -> evaluate(connection, attempt, question)
			.exceptionallyCompose((failure) -> Failure.isOutsideOfCalendar(failure)
					? evaluate(connection, attempt, question.around(Failure.moment(failure)))
					: CompletableFuture.failedFuture(failure)));
	}

	/**
	 * Measures how long a call takes.
	 */
	private <T> CompletableFuture<T> timed(Supplier<CompletableFuture<T>> call) {
		if (this.calls == RedisRateLimitStore.NOBODY) {
			return call.get();
		}
		long since = this.nanoTime.getAsLong();
		CompletableFuture<T> answer = call.get();
		CompletableFuture<T> unused = answer
			.whenComplete((answered, failure) -> this.calls.accept(this.nanoTime.getAsLong() - since));
		return answer;
	}

	private CompletableFuture<byte[]> evaluate(Connection connection, Node.Attempt attempt, Question question) {
		String[] keys = question.keys();
		byte[][] arguments = this.script.arguments().apply(question.arguments());
		CompletableFuture<byte[]> answer = connection.send(attempt,
				(commands) -> commands.evalsha(this.script.digest(), ScriptOutputType.VALUE, keys, arguments));
		return answer.exceptionallyCompose((failure) -> {
			if (Failure.cause(failure) instanceof RedisNoScriptException) {
				return connection.send(attempt,
						(commands) -> commands.eval(this.script.text(), ScriptOutputType.VALUE, keys, arguments));
			}
			return CompletableFuture.failedFuture(failure);
		});
	}

	/**
	 * Withdraws what is overdue, and has the connection replaced where it is silent or
	 * leads to the wrong node.
	 */
	private RateLimitStoreException failed(Throwable failure, Duration timeout) {
		Connection connection = this.link.connection();
		if (connection != null && !(failure instanceof RateLimitStoreException)) {
			if (Failure.isLate(failure)) {
				connection.withdrawSome();
			}
			if (!Failure.isAnswer(failure)) {
				this.silence.watch(connection);
			}
			if (Failure.isElsewhere(failure) || connection.nodes().isAnySilent()) {
				this.link.renew();
			}
		}
		return Failure.exception(failure, timeout);
	}

}
