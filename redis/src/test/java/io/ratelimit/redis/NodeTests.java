package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.ratelimit.redis.Node.Attempt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the outcome of commands says of a node.
 */
class NodeTests {

	private final Throwable late = new CancellationException();

	private final Throwable broken = new RedisException("Connection closed");

	private static final int FAILURES = 5;

	private long nanos = Long.MAX_VALUE - 10;

	private final Node node = new Node(() -> this.nanos);

	@ParameterizedTest
	@ValueSource(strings = { "WRONGTYPE Operation against a key", "RATELIMITFORMAT a value is of format 2, not 1",
			"TRYAGAIN Multiple keys request", "CLUSTERDOWN Hash slot not served", "MOVED 1 127.0.0.1:1",
			"OOM command not allowed", "NOPERM this user has no permissions", "ERR something else" })
	void whatIsWrongWithAKeyIsNoFailureOfTheNode(String error) {
		for (int i = 0; i < 100; i++) {
			end(new RedisCommandExecutionException(error));
		}
		assertThat(this.node.isPaused()).isFalse();
		assertThat(this.node.isSilent()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "LOADING Redis is loading the dataset in memory", "READONLY You can't write",
			"MASTERDOWN Link with MASTER is down", "BUSY Redis is busy", "MISCONF Redis is configured",
			"NOREPLICAS Not enough good replicas" })
	void aNodeThatCannotCountHasAPauseAndIsNotSilent(String error) {
		for (int i = 0; i < FAILURES; i++) {
			end(new RedisCommandExecutionException(error));
			pass(Duration.ofSeconds(1));
		}
		assertThat(this.node.isPaused()).isTrue();
		assertThat(this.node.isSilent()).isFalse();
	}

	@Test
	void aNodeThatHasAnsweredNothingForASecondIsSilent() {
		pass(Duration.ofHours(1)); // a node that is not asked is not silent
		assertThat(this.node.isSilent()).isFalse();
		end(this.late);
		pass(Duration.ofMillis(999));
		end(this.broken);
		assertThat(this.node.isSilent()).isFalse();
		pass(Duration.ofMillis(1));
		assertThat(this.node.isSilent()).isTrue();
		end(null);
		assertThat(this.node.isSilent()).isFalse();
		end(this.late);
		assertThat(this.node.isSilent()).isFalse();
	}

	@Test
	void commandsOfOneAttemptFailOnce() {
		for (int i = 0; i < FAILURES - 1; i++) {
			end(this.late);
		}
		Attempt attempt = this.node.attempt();
		attempt.ended(this.late);
		assertThat(this.node.isPaused()).isTrue();
		end(null, attempt);
		attempt.ended(this.late);
		assertThat(this.node.isPaused()).isFalse();
		for (int i = 0; i < FAILURES - 1; i++) {
			attempt.ended(this.late);
		}
		end(this.late);
		assertThat(this.node.isPaused()).isFalse();
	}

	@Test
	void anAttemptThatIsCancelledIsFollowedByAnotherAtOnce() {
		for (int i = 0; i < FAILURES; i++) {
			end(this.late);
		}
		pass(Duration.ofMillis(100));
		Attempt attempt = this.node.attempt();
		assertThat(this.node.isReady()).isFalse();
		assertThat(this.node.attempt()).isNull();
		attempt.cancel();
		assertThat(this.node.isReady()).isTrue();
		assertThat(this.node.attempt()).isNotNull();
	}

	/**
	 * Whatever has happened before, a node that answers is asked by everybody again at
	 * most a second and one answer later.
	 */
	@Test
	void aNodeThatAnswersIsAskedAgain() {
		for (int seed = 0; seed < 1000; seed++) {
			RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
			Node asked = new Node(() -> this.nanos);
			askAtRandom(asked, random);
			pass(Duration.ofSeconds(1));
			Attempt attempt = asked.attempt();
			assertThat(attempt).as("seed %d", seed).isNotNull();
			attempt.ended(null);
			for (int i = 0; i < 100; i++) {
				assertThat(asked.attempt()).as("seed %d", seed).isNotNull();
			}
		}
	}

	private void askAtRandom(Node asked, RandomGenerator random) {
		List<Attempt> open = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			Attempt attempt = asked.attempt();
			if (attempt != null) {
				open.add(attempt);
			}
			if (!open.isEmpty() && random.nextInt(3) > 0) {
				Attempt ended = open.remove(random.nextInt(open.size()));
				switch (random.nextInt(8)) {
					case 0 -> ended.cancel();
					case 1 -> ended.ended(null);
					case 2 -> ended.ended(new RedisCommandExecutionException("LOADING"));
					default -> ended.ended(random.nextBoolean() ? this.late : this.broken);
				}
			}
			pass(Duration.ofMillis((random.nextInt(10) == 0) ? random.nextInt(1500) : random.nextInt(3)));
		}
	}

	private void end(@Nullable Throwable failure) {
		Attempt attempt = this.node.attempt();
		assertThat(attempt).isNotNull();
		attempt.ended(failure);
	}

	private static void end(@Nullable Throwable failure, Attempt attempt) {
		attempt.ended(failure);
	}

	private void pass(Duration duration) {
		this.nanos += duration.toNanos();
	}

}
