package io.ratelimit.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two processes share one limit, by the server's clock: what one of them believes the
 * time to be does not matter.
 */
@Isolated
class TwoProcessesTests {

	private static final int MICROS = 1_000_000;

	@ParameterizedTest
	@ValueSource(strings = { "false", "true" })
	void noWindowHoldsMoreThanTheLimit(String calendar) throws Exception {
		try (RedisServer server = RedisServer.start()) {
			List<Process> processes = List.of(hammer(server, "0", calendar), hammer(server, "-172802", calendar));
			long granted = 0;
			try {
				List<BufferedReader> outputs = new ArrayList<>();
				for (Process process : processes) {
					BufferedReader output = new BufferedReader(
							new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
					assertThat(output.readLine()).isEqualTo(Hammer.READY);
					outputs.add(output);
				}
				for (Process process : processes) {
					process.getOutputStream().write('\n');
					process.getOutputStream().flush();
				}
				for (BufferedReader output : outputs) {
					long one = Long.parseLong(output.readLine());
					assertThat(one).isPositive();
					granted += one;
				}
				for (Process process : processes) {
					assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
					assertThat(process.exitValue()).isZero();
				}
			}
			finally {
				processes.forEach(Process::destroyForcibly);
			}
			assertWithinTheLimit(grants(server), granted);
		}
	}

	private static void assertWithinTheLimit(List<Long> grants, long granted) {
		assertThat(grants).hasSize((int) granted).isSorted();
		assertThat(granted).isGreaterThanOrEqualTo(3L * Hammer.PERMITS);
		for (int i = Hammer.PERMITS; i < grants.size(); i++) {
			assertThat(grants.get(i) - grants.get(i - Hammer.PERMITS)).as("grant %d", i).isGreaterThanOrEqualTo(MICROS);
		}
	}

	private static List<Long> grants(RedisServer server) {
		RedisClient client = RedisClient.create(server.uri());
		try {
			return client.connect().sync().lrange(TestScript.GRANTS, 0, -1).stream().map(Long::valueOf).toList();
		}
		finally {
			client.shutdown(0, 1, TimeUnit.SECONDS);
		}
	}

	private static Process hammer(RedisServer server, String skew, String calendar) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Hammer.class.getName(), String.valueOf(server.port()), skew,
				calendar)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

}
