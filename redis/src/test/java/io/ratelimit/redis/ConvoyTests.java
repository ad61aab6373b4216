package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
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

	private final List<CompletableFuture<List<Object>>> answers = new ArrayList<>();

	private long nanos = Long.MAX_VALUE - 10;

	private final Convoy convoy = new Convoy(this::ask, Duration.ofMillis(50), () -> this.nanos);

	private RedisRateLimiter unused;

	@Test
	void fewAreSentAtOnceAndByThemselves() {
		List<CompletableFuture<List<Object>>> taken = take(2);
		assertThat(this.questions).extracting(Question::operation).containsExactly(Operation.SLIDE, Operation.SLIDE);
		this.answers.get(1).complete(List.of(1L));
		assertThat(taken.get(1)).isCompletedWithValue(List.of(1L));
		assertThat(taken.get(0)).isNotDone();
	}

	@Test
	void whoComesMeanwhileIsSentTogetherWhenOneHasAnswered() {
		take(2);
		List<CompletableFuture<List<Object>>> taken = take(100);
		assertThat(this.questions).hasSize(2);
		this.answers.get(0).complete(List.of(1L));
		assertThat(this.questions).hasSize(3);
		assertThat(this.questions.get(2).operation()).isEqualTo(Operation.EACH);
		assertThat(this.questions.get(2).lines()).extracting(Line::key)
			.containsExactlyElementsOf(IntStream.range(0, 64).mapToObj((i) -> "key" + i).toList());
		this.answers.get(2)
			.complete(IntStream.range(0, 64)
				.asLongStream()
				.boxed()
				.<Object>flatMap((number) -> Stream.of(1L, 0L, 0L, number, 0L))
				.toList());
		for (int i = 0; i < 64; i++) {
			assertThat(taken.get(i)).isCompletedWithValue(List.of(1L, 0L, 0L, (long) i, 0L));
		}
		assertThat(this.questions.get(3).lines()).hasSize(36);
	}

	@Test
	void aFailureIsThatOfAllWhoWentTogether() {
		take(2);
		List<CompletableFuture<List<Object>>> taken = take(3);
		this.answers.get(1).completeExceptionally(new IllegalStateException("gone"));
		this.answers.get(2).completeExceptionally(new IllegalStateException("gone too"));
		assertThat(taken).allSatisfy((answer) -> assertThat(answer).isCompletedExceptionally());
		this.answers.get(0).complete(List.of(1L));
		take(1);
		assertThat(this.questions).as("nothing is left under way").hasSize(4);
	}

	@Test
	void whoGetsNoAnswerAmongOthersIsAskedForAlone() {
		take(2);
		List<CompletableFuture<List<Object>>> taken = take(2);
		this.answers.get(0).complete(List.of(1L));
		this.answers.get(2).complete(List.of(-1L, 0L, 0L, 7L, 0L, 9L));
		assertThat(taken.get(1)).isCompletedWithValue(List.of(0L, 0L, 7L, 0L, 9L));
		assertThat(this.questions.get(3).operation()).isEqualTo(Operation.TAKE);
		assertThat(this.questions.get(3).lines()).extracting(Line::key).containsExactly("key0");
		this.answers.get(3).complete(List.of(8L));
		assertThat(taken.get(0)).isCompletedWithValue(List.of(8L));
	}

	@Test
	void nobodyIsKeptWhereACallTakesLong() {
		take(2);
		this.nanos += Duration.ofMillis(7).toNanos();
		this.answers.get(0).complete(List.of(1L));
		take(3);
		assertThat(this.questions).hasSize(5).allMatch((question) -> question.operation() == Operation.SLIDE);
		this.answers.get(4).complete(List.of(1L));
		take(1);
		assertThat(this.questions).as("there are three under way, and they are fast again").hasSize(5);
	}

	@Test
	void whoseCallerHasGivenUpIsNotSent() {
		take(2);
		List<CompletableFuture<List<Object>>> overdue = take(2);
		this.nanos += Duration.ofMillis(49).toNanos();
		take(1);
		this.nanos += Duration.ofMillis(1).toNanos();
		this.answers.get(0).complete(List.of(1L));
		assertThat(this.questions.get(2).lines()).hasSize(1);
		assertThat(overdue).allSatisfy((answer) -> assertThat(answer).failsWithin(Duration.ZERO)
			.withThrowableOfType(CancellationException.class));
	}

	private List<CompletableFuture<List<Object>>> take(int claims) {
		return IntStream.range(0, claims)
			.mapToObj((i) -> this.convoy.take(new Line(this.unused, POLICY, "key" + i, 1)))
			.toList();
	}

	private CompletableFuture<List<Object>> ask(Question question) {
		CompletableFuture<List<Object>> answer = new CompletableFuture<>();
		this.questions.add(question);
		this.answers.add(answer);
		return answer;
	}

}
