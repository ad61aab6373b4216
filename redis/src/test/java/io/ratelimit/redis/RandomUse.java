package io.ratelimit.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.SlidingWindow;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;

/**
 * Uses a key at random, while its policy changes and the server's clock goes on, is set
 * forward and is set back.
 */
final class RandomUse {

	private static final String OUTSIDE = "RATELIMITCALENDAR ";

	private static final Instant START = Instant.parse("2026-07-01T09:30:17.123456Z");

	private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

	/** What a bucket owes then is due before times are too late for the script. */
	private static final Instant LATEST = Instant.parse("2080-01-01T00:00:00Z");

	private static final List<Operation> OPERATIONS = List.of(Operation.values());

	private final RedisCommands<String, byte[]> commands;

	private final ServerClock clock;

	private final Script script;

	private final Random random;

	RandomUse(RedisCommands<String, byte[]> commands, ServerClock clock, Script script, Random random) {
		this.commands = commands;
		this.clock = clock;
		this.script = script;
		this.random = random;
	}

	/**
	 * Uses a key.
	 * @return what stood in the server after each step
	 * @throws RedisCommandExecutionException if the script cannot read what it has
	 * written
	 */
	List<byte[]> of(String key, ChangingPolicy policy, int steps) {
		List<byte[]> values = new ArrayList<>();
		for (int step = 0; step < steps; step++) {
			Policy version = policy.versions().get(this.random.nextInt(policy.versions().size()));
			turn(version.limits().get(this.random.nextInt(version.limits().size())).window());
			use(key, version);
			byte[] value = this.commands.get(key);
			if (value != null) {
				values.add(value);
			}
		}
		return values;
	}

	private void turn(Duration window) {
		long micros = window.toNanos() / 1000;
		Instant now = this.clock.instant();
		Instant next = switch (this.random.nextInt(20)) {
			case 0 -> now.plus(this.random.nextLong(2 * micros), ChronoUnit.MICROS);
			case 1 -> now.minus(this.random.nextLong(2 * micros), ChronoUnit.MICROS);
			case 2 -> now.plusSeconds(this.random.nextInt(48 * 3600));
			case 3 -> now.minusSeconds(this.random.nextInt(48 * 3600));
			case 4 -> now.plus(this.random.nextInt(400) - 200, ChronoUnit.DAYS);
			default -> now.plus(this.random.nextLong(1 + micros / 20), ChronoUnit.MICROS);
		};
		this.clock.set((next.isAfter(EARLIEST) && next.isBefore(LATEST)) ? next : START);
	}

	private void use(String key, Policy version) {
		Operation operation = operation(version);
		long amount = switch (operation) {
			case LEASE -> 1 + this.random.nextInt(100);
			case GIVE_BACK -> this.random.nextBoolean() ? 0 : this.random.nextInt(60_000_000);
			case RESET -> 1 + this.random.nextInt(60_000_000);
			default -> 0;
		};
		EncodedPolicy encoded = EncodedPolicy.of(version);
		try {
			ask(key, encoded, operation, amount);
		}
		catch (RedisCommandExecutionException ex) {
			if (!String.valueOf(ex.getMessage()).startsWith(OUTSIDE)) {
				throw ex;
			}
			long micros = Long.parseLong(String.valueOf(ex.getMessage()).substring(OUTSIDE.length()));
			ask(key, encoded.around(micros), operation, amount);
		}
	}

	private void ask(String key, EncodedPolicy policy, Operation operation, long amount) {
		List<Line> lines = List.of(Line.of(null, policy, key, permits(policy.policy)));
		Question question = new Question(operation, amount, lines);
		byte[] numbers = Objects.requireNonNull(this.commands.<byte[]>evalsha(this.script.digest(),
				ScriptOutputType.VALUE, question.keys(), this.script.arguments().apply(question.arguments())));
		if (operation != Operation.GIVE_BACK && operation != Operation.RESET) {
			PossibleAnswer.check(question, numbers);
		}
	}

	private Operation operation(Policy version) {
		Operation operation = OPERATIONS.get(this.random.nextInt(OPERATIONS.size()));
		boolean slides = version.limits().stream().allMatch((limit) -> limit instanceof SlidingWindow);
		return (operation == Operation.SLIDE && !slides) ? Operation.TAKE : operation;
	}

	private long permits(Policy version) {
		long most = version.limits().stream().mapToLong(Limit::capacity).min().orElseThrow();
		return switch (this.random.nextInt(8)) {
			case 0 -> 1 + this.random.nextLong(most);
			case 1 -> most;
			case 2, 3 -> 1 + this.random.nextLong(Math.max(1, most / 10));
			default -> 1;
		};
	}

}
