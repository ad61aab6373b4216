package io.ratelimit.redis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is alone is sent at once, and a crowd goes together.
 */
class ConvoyTests {

	private static final EncodedPolicy POLICY = EncodedPolicy.of(Policy.of("api", Limit.valueOf("5/1m")));

	private final List<Question> questions = new ArrayList<>();

	private final List<CompletableFuture<byte[]>> answers = new ArrayList<>();

	private long nanos = Long.MAX_VALUE - 10;

	private final Convoy convoy = new Convoy(this::ask, Duration.ofMillis(50), () -> this.nanos);

	private boolean broken;

	private RedisPolicy unused;

	@Test
	void fewAreSentAtOnceAndByThemselves() {
		List<CompletableFuture<byte[]>> taken = take(2);
		assertThat(this.questions).extracting((question) -> question.lines().size()).containsExactly(1, 1);
		this.answers.get(1).complete(numbers(0, 0, 1, 0));
		assertAnswered(taken.get(1), 0, 0, 1, 0);
		assertThat(taken.get(0)).isNotDone();
	}

	@Test
	void whoComesMeanwhileIsSentTogetherWhenOneHasAnswered() {
		take(2);
		take(8);
		assertThat(this.questions).hasSize(2);
		this.answers.get(0).complete(numbers(0, 0, 1, 0));
		assertThat(this.questions).hasSize(3);
		assertThat(this.questions.get(2).operation()).isEqualTo(Operation.SLIDE);
		assertThat(this.questions.get(2).lines()).hasSize(8);
	}

	@Test
	void aSecondCallIsSentWithHalfAsManyClaimsAsTheFirst() {
		take(2);
		take(9);
		this.answers.get(0).complete(numbers(0, 0, 1, 0));
		this.answers.get(1).complete(numbers(0, 0, 1, 0));
		assertThat(this.questions.get(2).lines()).hasSize(9);
		take(4);
		assertThat(this.questions).hasSize(3);
		take(1);
		assertThat(this.questions.get(3).lines()).hasSize(5);
		take(100);
		assertThat(this.questions).as("there are two under way").hasSize(4);
	}

	@Test
	void whoeverWaitsIsSentWhenNothingElseIsUnderWay() {
		take(2);
		take(9);
		this.answers.get(0).complete(numbers(0, 0, 1, 0));
		this.answers.get(1).complete(numbers(0, 0, 1, 0));
		take(1);
		assertThat(this.questions).hasSize(3);
		this.answers.get(2).complete(numbers(LongStream.range(0, 36).toArray()));
		assertThat(this.questions.get(3).lines()).hasSize(1);
	}

	@Test
	void aCrowdGoesInCallsOf64AndTheNextIsSentBeforeTheAnswersAreHandedOut() {
		take(2);
		List<CompletableFuture<byte[]>> taken = take(100);
		this.answers.get(0).complete(numbers(0, 0, 1, 0));
		assertThat(this.questions.get(2).lines()).extracting(Line::key)
			.containsExactlyElementsOf(IntStream.range(0, 64).mapToObj((i) -> "key" + i).toList());
		CompletableFuture<Integer> sentByThen = taken.get(0).thenApply((answer) -> this.questions.size());
		take(1);
		this.answers.get(2)
			.complete(numbers(LongStream.range(0, 64).flatMap((number) -> LongStream.of(0, 0, number, 0)).toArray()));
		for (int i = 0; i < 64; i++) {
			assertAnswered(taken.get(i), 0, 0, i, 0);
		}
		assertThat(sentByThen).isCompletedWithValue(4);
		assertThat(this.questions.get(3).lines()).hasSize(37);
	}

	@Test
	void claimsOnOneKeyStandOneBehindTheOther() {
		take(2);
		List<CompletableFuture<byte[]>> taken = Stream.of("a", "b", "a", "c", "b")
			.map((key) -> this.convoy.take(Line.of(this.unused, POLICY, key, 1)))
			.toList();
		this.answers.get(0).complete(numbers(1));
		assertThat(this.questions.get(2).lines()).extracting(Line::key).containsExactly("a", "a", "b", "b", "c");
		this.answers.get(2).complete(numbers(0, 0, 4, 0, 0, 0, 3, 0, -1, 0, 0, 2, 0, 0, 0, 1, 0));
		assertAnswered(taken.get(2), 0, 0, 3, 0);
		assertAnswered(taken.get(4), 0, 0, 2, 0);
		assertThat(this.questions.get(3).lines()).extracting(Line::key).containsExactly("b");
	}

	@Test
	void aFailureIsThatOfAllWhoWentTogether() {
		take(2);
		List<CompletableFuture<byte[]>> taken = take(3);
		this.answers.get(1).completeExceptionally(new IllegalStateException("gone"));
		this.answers.get(2).completeExceptionally(new IllegalStateException("gone too"));
		assertThat(taken).allSatisfy((answer) -> assertThat(answer).isCompletedExceptionally());
		this.answers.get(0).complete(numbers(1));
		take(1);
		assertThat(this.questions).as("nothing is left under way").hasSize(4);
	}

	@Test
	void aCallThatCannotBeMadeIsAFailureAndLeavesNothingUnderWay() {
		this.broken = true;
		assertThat(take(4)).allSatisfy((answer) -> assertThat(answer).isCompletedExceptionally());
		this.broken = false;
		take(2);
		assertThat(this.questions).hasSize(2);
	}

	@Test
	void anAnswerThatIsTooShortIsAFailureOfWhoIsNotInIt() {
		take(2);
		List<CompletableFuture<byte[]>> taken = take(3);
		this.answers.get(0).complete(numbers(1));
		this.answers.get(2).complete(numbers(0, 0, 7, 0, 0, 0));
		assertAnswered(taken.get(0), 0, 0, 7, 0);
		assertThat(taken.subList(1, 3)).allSatisfy((answer) -> assertThat(answer).isCompletedExceptionally());
	}

	@Test
	void whoGetsNoAnswerAmongOthersIsAskedForAlone() {
		take(2);
		List<CompletableFuture<byte[]>> taken = take(2);
		this.answers.get(0).complete(numbers(1));
		this.answers.get(2).complete(numbers(-1, 0, 7, 0, 9));
		assertAnswered(taken.get(1), 0, 7, 0, 9);
		assertThat(this.questions.get(3).operation()).isEqualTo(Operation.TAKE);
		assertThat(this.questions.get(3).lines()).extracting(Line::key).containsExactly("key0");
		this.answers.get(3).complete(numbers(8));
		assertAnswered(taken.get(0), 8);
	}

	@Test
	void nobodyIsKeptWhereACallTakesLong() {
		take(2);
		this.nanos += Duration.ofMillis(7).toNanos();
		this.answers.get(0).complete(numbers(1));
		take(3);
		assertThat(this.questions).hasSize(5).allMatch((question) -> question.operation() == Operation.SLIDE);
		this.answers.get(4).complete(numbers(1));
		take(1);
		assertThat(this.questions).as("there are three under way, and they are fast again").hasSize(5);
	}

	@Test
	void whoseCallerHasGivenUpIsNotSent() {
		take(2);
		List<CompletableFuture<byte[]>> overdue = take(2);
		this.nanos += Duration.ofMillis(49).toNanos();
		take(1);
		this.nanos += Duration.ofMillis(1).toNanos();
		this.answers.get(0).complete(numbers(1));
		assertThat(this.questions.get(2).lines()).hasSize(1);
		assertThat(overdue).allSatisfy((answer) -> assertThat(answer).failsWithin(Duration.ZERO)
			.withThrowableOfType(CancellationException.class));
	}

	private List<CompletableFuture<byte[]>> take(int claims) {
		return IntStream.range(0, claims)
			.mapToObj((i) -> this.convoy.take(Line.of(this.unused, POLICY, "key" + i, 1)))
			.toList();
	}

	private static void assertAnswered(CompletableFuture<byte[]> answer, long... numbers) {
		assertThat(answer).isCompleted();
		assertThat(answer.join()).isEqualTo(numbers(numbers));
	}

	private static byte[] numbers(long... numbers) {
		ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
		LongStream.of(numbers).forEach(bytes::putLong);
		return bytes.array();
	}

	private CompletableFuture<byte[]> ask(Question question) {
		if (this.broken) {
			throw new IllegalStateException("nothing can be sent");
		}
		CompletableFuture<byte[]> answer = new CompletableFuture<>();
		this.questions.add(question);
		this.answers.add(answer);
		return answer;
	}

}
