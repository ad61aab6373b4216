package io.ratelimit.redis;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Claims on sliding windows that go together are answered as if each were taken alone,
 * and leave the same behind: one half of the script is the model of the other.
 */
class SlideTests {

	private static final int STEPS = 150;

	/** How many bytes more a short value takes once it was overwritten. */
	private static final long OWN_ALLOCATION = 16;

	private static final String[] KEYS = { "a", "b", "c" };

	@AutoClose
	private static final OpenServer server = new OpenServer();

	private static final RedisCommands<String, byte[]> commands = server.commands();

	private final ServerClock clock = new ServerClock();

	private final Script script = TestScript.turnedBy(this.clock);

	private RedisPolicy unused;

	@BeforeEach
	void prepare() {
		commands.flushall();
		commands.scriptLoad(this.script.text());
	}

	@ParameterizedTest
	@ValueSource(strings = { "5/1m", "64/1m", "100/1m", "1000/1m", "100000/1m", "10000000000/1m", "5/1m 100/1h",
			"100/1m 5/1h", "200/1m 1000/1h", "30/1m 70/5m 100000/1h" })
	void claimsThatGoTogetherAreAnsweredAsIfEachWereTakenAlone(String limits) {
		Policy policy = policy(limits);
		EncodedPolicy encoded = EncodedPolicy.of(policy);
		long most = policy.limits().stream().mapToLong(Limit::permits).min().orElseThrow();
		for (long seed = 0; seed < 5; seed++) {
			commands.flushdb();
			Random random = new Random(seed);
			for (int step = 0; step < STEPS; step++) {
				this.clock
					.advance(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextInt(70_000) : random.nextInt(300)));
				List<Line> claims = claims(random, encoded, most);
				byte[] together = ask(Operation.SLIDE, "group", claims);
				Answer answer = new Answer(together);
				for (Line claim : claims) {
					byte[] alone = ask(Operation.TAKE, "alone", List.of(claim));
					assertThat(orAskedAlone(answer.nextBytes(policy), claim))
						.as("seed %d, step %d, %s", seed, step, claim.key())
						.isEqualTo(alone);
				}
				for (String key : KEYS) {
					assertThat(commands.get("group" + key)).as("seed %d, step %d, %s", seed, step, key)
						.isEqualTo(commands.get("alone" + key));
					assertThat(bytes("group" + key)).isLessThanOrEqualTo(bytes("alone" + key) + OWN_ALLOCATION);
				}
				if (random.nextInt(5) == 0) {
					long held = random.nextInt(2) * 5_000_000_000L;
					evaluate(Question.giveBack(List.of(on("group", claims.get(0))), held));
					evaluate(Question.giveBack(List.of(on("alone", claims.get(0))), held));
				}
			}
		}
	}

	@Test
	void aClaimIsLeftToTheRestOnceWhereACountOutgrowsItsBytes() {
		Policy policy = Policy.of("api", Limit.valueOf("1000/1m"));
		EncodedPolicy encoded = EncodedPolicy.of(policy);
		List<Line> claims = Stream.of(KEYS).map((key) -> Line.of(this.unused, encoded, key, 1)).toList();
		for (int permit = 1; permit <= 1000; permit++) {
			Answer answer = new Answer(ask(Operation.SLIDE, "group", claims));
			for (Line claim : claims) {
				byte[] together = answer.nextBytes(policy);
				assertThat(together == null).as("permit %d of %s", permit, claim.key()).isEqualTo(permit == 256);
				byte[] answered = orAskedAlone(together, claim);
				assertThat(new Answer(answered).next(policy, 0).remaining()).isEqualTo(1000 - permit);
			}
		}
	}

	@Test
	void aFirstClaimIsNeverLeftToTheRest() {
		Policy policy = Policy.of("api", Limit.of(1L << 40, Duration.ofMinutes(1)));
		EncodedPolicy encoded = EncodedPolicy.of(policy);
		for (int shift = 0; shift <= 40; shift++) {
			long permits = 1L << shift;
			commands.flushdb();
			List<Line> claims = Stream.of(KEYS).map((key) -> Line.of(this.unused, encoded, key, permits)).toList();
			Answer answer = new Answer(ask(Operation.SLIDE, "group", claims));
			assertThat(claims).as("%d permits", permits).allSatisfy((claim) -> {
				assertThat(answer.nextBytes(policy)).isNotNull();
			});
		}
	}

	@ParameterizedTest
	@CsvSource({ "5/1h, 5/1h 100/1m", "64/1m, 100/1m", "5/1h 6/1m, 5/1h 100/1m", "100/1m, 100/1m 200/1h",
			"100/1m, 5/1h", "100/1m 200/1h, 200/1h", "100/1m, 300/2m 100/1m", "300/1h, 200/1h" })
	void aValueOfAnotherPolicyIsLeftToTheRest(String former, String latter) {
		EncodedPolicy before = EncodedPolicy.of(policy(former));
		EncodedPolicy after = EncodedPolicy.of(policy(latter));
		for (boolean givenBack : new boolean[] { false, true }) {
			commands.flushdb();
			List<Line> claims = Stream.of(KEYS).map((key) -> Line.of(this.unused, before, key, 1)).toList();
			for (String side : List.of("group", "alone")) {
				for (Line claim : claims) {
					ask(Operation.TAKE, side, List.of(claim));
					if (givenBack) {
						evaluate(Question.giveBack(List.of(on(side, claim)), 0));
					}
				}
			}
			List<Line> next = Stream.of("a", "a", "b", "c", "new")
				.map((key) -> Line.of(this.unused, after, key, 1))
				.toList();
			Answer answer = new Answer(ask(Operation.SLIDE, "group", next));
			for (Line claim : next) {
				assertThat(orAskedAlone(answer.nextBytes(after.policy), claim))
					.isEqualTo(ask(Operation.TAKE, "alone", List.of(claim)));
			}
		}
	}

	private static Policy policy(String limits) {
		return Policy.of("api", Stream.of(limits.split(" ")).map(Limit::valueOf).toArray(Limit[]::new));
	}

	private static long bytes(String key) {
		return Objects.requireNonNullElse(commands.memoryUsage(key), 0L);
	}

	private byte[] orAskedAlone(byte @Nullable [] together, Line claim) {
		return (together != null) ? together : ask(Operation.TAKE, "group", List.of(claim));
	}

	private List<Line> claims(Random random, EncodedPolicy policy, long most) {
		return IntStream.range(0, 1 + random.nextInt(6)).mapToObj((i) -> {
			long permits = switch (random.nextInt(8)) {
				case 0 -> 1 + random.nextLong(most);
				case 1 -> most + random.nextInt(2);
				case 2, 3 -> 1 + random.nextLong(Math.max(1, most / 10));
				default -> 1;
			};
			return Line.of(this.unused, policy, KEYS[random.nextInt(KEYS.length)], permits);
		}).sorted(Comparator.comparing(Line::key)).toList();
	}

	private byte[] ask(Operation operation, String side, List<Line> claims) {
		return evaluate(new Question(operation, 0, claims.stream().map((claim) -> on(side, claim)).toList()));
	}

	private byte[] evaluate(Question question) {
		return Objects.requireNonNull(commands.<byte[]>evalsha(this.script.digest(), ScriptOutputType.VALUE,
				question.keys(), this.script.arguments().apply(question.arguments())));
	}

	private static Line on(String side, Line line) {
		return Line.of(line.limiter(), line.policy(), side + line.key(), line.permits());
	}

}
