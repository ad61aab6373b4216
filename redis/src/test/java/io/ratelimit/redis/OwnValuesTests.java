package io.ratelimit.redis;

import java.util.Random;

import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever the script writes it can read, also after its policy has changed and after the
 * server's clock was set.
 */
class OwnValuesTests {

	private static final int SEEDS = 10;

	private static final int STEPS = 100;

	@AutoClose
	private static final OpenServer server = new OpenServer();

	private static final RedisCommands<String, byte[]> commands = server.commands();

	@ParameterizedTest
	@MethodSource("io.ratelimit.redis.ChangingPolicy#all")
	void whatTheScriptWritesItCanRead(ChangingPolicy policy) {
		ServerClock clock = new ServerClock();
		Script script = TestScript.turnedBy(clock);
		commands.flushall();
		commands.scriptLoad(script.text());
		for (int seed = 0; seed < SEEDS; seed++) {
			RandomUse use = new RandomUse(commands, clock, script, new Random(seed));
			assertThat(use.of("key" + seed, policy, STEPS)).as("seed %d", seed).isNotEmpty();
		}
	}

}
