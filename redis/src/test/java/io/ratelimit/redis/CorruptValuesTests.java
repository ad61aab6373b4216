package io.ratelimit.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import io.ratelimit.redis.Trial.Sender;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever stands in the server is read in bounded time, and either counts or is left
 * alone. To try more: {@code -Dcorrupt.values=1000000 -Dcorrupt.seed=2}, and to see what
 * takes longer than some time: {@code -Dcorrupt.micros=500}.
 */
@Isolated
class CorruptValuesTests {

	private static final int VALUES = Integer.getInteger("corrupt.values", 7_500);

	private static final long SEED = Long.getLong("corrupt.seed", 1);

	/** How many are sent before the first is answered. */
	private static final int GROUP = 50;

	/** How often a group is sent while a call takes too long. */
	private static final int RUNS = 8;

	private static final int SLOW_MICROS = Integer.getInteger("corrupt.micros", 10_000);

	private static final int LOGGED = 20 * GROUP;

	private static final int STEPS = 60;

	/** All that read a value. */
	private static final List<Operation> OPERATIONS = Stream.of(Operation.values())
		.filter((operation) -> operation != Operation.RESET)
		.toList();

	private static final byte[] NEIGHBOUR = { 1, 2, 3 };

	@AutoClose
	private static final OpenServer server = new OpenServer();

	private static final RedisCommands<String, byte[]> commands = server.commands();

	private final ServerClock clock = new ServerClock();

	private final Script script = TestScript.turnedBy(this.clock);

	private final Random random = new Random(SEED);

	private final StoredValues values = new StoredValues(this.random);

	@Test
	void anyValueIsReadInBoundedTimeAndCountsOrIsLeftAlone() {
		commands.scriptLoad(this.script.text());
		commands.configSet("slowlog-log-slower-than", String.valueOf(SLOW_MICROS));
		commands.configSet("slowlog-max-len", String.valueOf(LOGGED));
		List<ChangingPolicy> policies = ChangingPolicy.all().toList();
		Map<String, Long> slow = new HashMap<>();
		for (int i = 0; i < VALUES;) {
			for (ChangingPolicy policy : policies) {
				commands.flushdb();
				List<byte[]> own = new RandomUse(commands, this.clock, this.script, this.random).of("own", policy,
						STEPS);
				for (int groups = 0; groups < 5; groups++, i += GROUP) {
					slow.putAll(slowOf(trials(policy, own)));
				}
			}
		}
		assertThat(slow).isEmpty();
	}

	/**
	 * To read it would take a tenth of a second.
	 */
	@Test
	void aValueOfManyMegabytesKeepsNobodyWaiting() {
		commands.configSet("slowlog-log-slower-than", String.valueOf(SLOW_MICROS));
		commands.configSet("slowlog-max-len", String.valueOf(LOGGED));
		commands.flushdb();
		commands.setrange("large", 32_000_000, NEIGHBOUR);
		byte[] version = { 1 };
		commands.setrange("large", 0, version);
		for (ChangingPolicy policy : ChangingPolicy.all().toList()) {
			assertThat(IntStream.range(0, RUNS).anyMatch((run) -> isFast(policy))).as(policy.toString()).isTrue();
		}
		assertThat(commands.strlen("large")).isEqualTo(32_000_003);
	}

	private boolean isFast(ChangingPolicy policy) {
		EncodedPolicy encoded = EncodedPolicy.of(policy.versions().get(0));
		List<Line> lines = Stream.of("fine", "large").map((key) -> Line.of(null, encoded, key, 1)).toList();
		commands.slowlogReset();
		for (Operation operation : OPERATIONS) {
			if (operation != Operation.SLIDE || encoded.slides) {
				ask(new Question(operation, 0, lines));
				ask(new Question(operation, 0, lines.subList(1, 2)));
			}
		}
		return commands.slowlogLen() == 0;
	}

	private void ask(Question question) {
		try {
			commands.eval(this.script.text(), ScriptOutputType.VALUE, question.keys(),
					this.script.arguments().apply(question.arguments()));
		}
		catch (RedisCommandExecutionException ex) {
			assertThat(ex).hasMessageStartingWith("RATELIMIT");
		}
	}

	private List<Trial> trials(ChangingPolicy policy, List<byte[]> own) {
		List<Trial> trials = new ArrayList<>();
		for (int i = 0; i < GROUP; i++) {
			Policy version = policy.versions().get(this.random.nextInt(policy.versions().size()));
			Instant now = around(this.clock.instant(), version.limits().get(0));
			EncodedPolicy encoded = EncodedPolicy.of(version).around(ChronoUnit.MICROS.between(Instant.EPOCH, now));
			Operation operation = OPERATIONS.get(this.random.nextInt(OPERATIONS.size()));
			if (operation == Operation.SLIDE && !encoded.slides) {
				operation = Operation.TAKE;
			}
			trials.add(new Trial("key" + i, encoded, this.values.next(encoded, own, now),
					own.get(this.random.nextInt(own.size())), now, operation, 1 + this.random.nextInt(100_000_000),
					permits(version)));
		}
		return trials;
	}

	private Instant around(Instant instant, Limit limit) {
		long micros = limit.window().toNanos() / 1000;
		return switch (this.random.nextInt(10)) {
			case 0 -> instant.plusSeconds(this.random.nextInt(48 * 3600));
			case 1 -> instant.minusSeconds(this.random.nextInt(48 * 3600));
			case 2, 3 -> instant.plus(this.random.nextLong(micros), ChronoUnit.MICROS);
			case 4 -> instant.minus(this.random.nextLong(micros), ChronoUnit.MICROS);
			default -> instant;
		};
	}

	private long permits(Policy version) {
		long most = version.limits().get(this.random.nextInt(version.limits().size())).capacity();
		return switch (this.random.nextInt(6)) {
			case 0 -> 1 + this.random.nextLong(most);
			case 1 -> most;
			case 2 -> most + 1;
			default -> 1;
		};
	}

	/**
	 * Runs a group, again while the same calls take long: else it was the machine.
	 * @return the calls that took long each time, and how long at least
	 */
	private Map<String, Long> slowOf(List<Trial> group) {
		Map<String, Long> slow = run(group);
		for (int runs = 1; runs < RUNS && !slow.isEmpty(); runs++) {
			Map<String, Long> again = run(group);
			slow.keySet().retainAll(again.keySet());
			slow.replaceAll((call, micros) -> Math.min(micros, again.get(call)));
		}
		return slow;
	}

	/**
	 * Runs a group.
	 * @return the calls that the server has logged as slow, and how long they took
	 */
	private Map<String, Long> run(List<Trial> group) {
		commands.flushdb();
		commands.set("neighbour", NEIGHBOUR);
		commands.slowlogReset();
		StatefulRedisConnection<String, byte[]> connection = server.connection();
		Sender sender = new Sender(connection.async(), this.script, this.clock);
		Instant now = this.clock.instant();
		connection.setAutoFlushCommands(false);
		List<Runnable> checks = group.stream().map((trial) -> trial.send(sender)).toList();
		connection.setAutoFlushCommands(true);
		connection.flushCommands();
		checks.forEach(Runnable::run);
		this.clock.set(now);
		assertThat(commands.get("neighbour")).isEqualTo(NEIGHBOUR);
		assertThat(commands.keys("*")).allMatch((key) -> key.matches("neighbour|key[0-9]+[bofvg]?(alone)?"));
		return slowCalls();
	}

	/**
	 * Reads the server's log, of which an entry is its number, when it was, how long it
	 * took, and the arguments.
	 */
	private static Map<String, Long> slowCalls() {
		Map<String, Long> calls = new HashMap<>();
		for (Object entry : commands.slowlogGet(LOGGED)) {
			List<?> parts = (List<?>) entry;
			StringBuilder call = new StringBuilder();
			for (Object argument : (List<?>) parts.get(3)) {
				call.append(printable((byte[]) argument)).append(' ');
			}
			if (call.indexOf("EVALSHA") == 0) {
				calls.merge(call.toString(), (Long) parts.get(2), Math::max);
			}
		}
		return calls;
	}

	private static String printable(byte[] argument) {
		String text = new String(argument, StandardCharsets.US_ASCII);
		return text.matches("[ -~]*") ? text : HexFormat.of().formatHex(argument);
	}

}
