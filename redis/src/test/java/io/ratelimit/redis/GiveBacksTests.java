package io.ratelimit.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.redis.Question.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was taken and not used is given back once, however long the node cannot be asked.
 */
class GiveBacksTests {

	private static final EncodedPolicy POLICY = EncodedPolicy.of(Policy.of("api", Limit.valueOf("5/1m")));

	private final List<Question> asked = new ArrayList<>();

	private final Queue<Runnable> later = new ArrayDeque<>();

	private final List<Long> pauses = new ArrayList<>();

	private Throwable failure;

	private long nanos = Long.MAX_VALUE - 10;

	private RedisPolicy unused;

	private final GiveBacks giveBacks = new GiveBacks(this::ask, () -> this.nanos, (millis) -> {
		this.pauses.add(millis);
		return this.later::add;
	});

	@Test
	void whatTheNodeTakesBackAtOnceIsSentOnce() {
		giveBack("a");
		assertThat(this.asked).hasSize(1);
		assertThat(this.later).isEmpty();
	}

	@ParameterizedTest
	@MethodSource
	void whatHadNoEffectIsSentAgainUntilTheNodeTakesIt(Throwable failure) {
		this.failure = failure;
		giveBack("a");
		for (int i = 0; i < 5; i++) {
			this.later.remove().run();
		}
		assertThat(this.pauses).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
		this.failure = null;
		this.nanos += 5_000_000;
		this.later.remove().run();
		assertThat(this.later).isEmpty();
		assertThat(this.asked).hasSize(7).last().extracting(Question::amount).isEqualTo(5000L);
	}

	static Stream<Throwable> whatHadNoEffectIsSentAgainUntilTheNodeTakesIt() {
		return Stream.of(new NotAskedException(Kind.NOT_ASKED, "a pause"),
				new NotAskedException(Kind.CONNECTION, "none"),
				new RedisCommandExecutionException("LOADING Redis is loading"),
				new RedisCommandExecutionException("READONLY You can't write against a read only replica."),
				new RedisCommandExecutionException("CLUSTERDOWN Hash slot not served"),
				new RedisCommandExecutionException("OOM command not allowed"));
	}

	/**
	 * The server may have done what it did not answer.
	 */
	@ParameterizedTest
	@MethodSource
	void whatMayHaveHadAnEffectIsNotSentAgain(Throwable failure) {
		this.failure = failure;
		giveBack("a");
		assertThat(this.later).isEmpty();
	}

	static Stream<Throwable> whatMayHaveHadAnEffectIsNotSentAgain() {
		return Stream.of(new CancellationException(), new RedisException("Connection closed"),
				new RedisCommandExecutionException("WRONGTYPE Operation against a key"),
				new RedisCommandExecutionException("RATELIMITFORMAT a value is of format 2, not 1"));
	}

	@Test
	void keysOfASlotThatMovesAreGivenBackOneByOne() {
		this.failure = new RedisCommandExecutionException("TRYAGAIN Multiple keys request during rehashing of slot");
		giveBack("a", "b");
		this.failure = null;
		assertThat(this.later).hasSize(2);
		this.later.forEach(Runnable::run);
		assertThat(this.asked).extracting(Question::firstKey).containsExactly("a", "a", "b");
		assertThat(this.asked.subList(1, 3)).allMatch((question) -> question.lines().size() == 1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void nothingIsSentAgainForEverNorAfterTheEnd(boolean closed) {
		this.failure = new NotAskedException(Kind.NOT_ASKED, "a pause");
		giveBack("a");
		if (closed) {
			this.giveBacks.close();
		}
		this.nanos += closed ? 0 : 301_000_000_000L;
		this.later.remove().run();
		assertThat(this.later).isEmpty();
	}

	@Test
	void aBoundedNumberWaits() {
		this.failure = new NotAskedException(Kind.NOT_ASKED, "a pause");
		for (int i = 0; i < 10_100; i++) {
			giveBack("a");
		}
		assertThat(this.later).hasSize(10_000);
		this.failure = null;
		this.later.forEach(Runnable::run);
		this.later.clear();
		this.failure = new NotAskedException(Kind.NOT_ASKED, "a pause");
		giveBack("a");
		assertThat(this.later).hasSize(1);
	}

	private void giveBack(String... keys) {
		List<Line> lines = Stream.of(keys).map((key) -> Line.of(this.unused, POLICY, key, 1)).toList();
		assertThat(this.giveBacks.giveBack(lines, this.nanos)).isDone();
	}

	private CompletableFuture<byte[]> ask(Question question) {
		this.asked.add(question);
		return (this.failure != null) ? CompletableFuture.failedFuture(this.failure)
				: CompletableFuture.completedFuture(new byte[0]);
	}

}
