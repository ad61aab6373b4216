package io.ratelimit.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The script that decides, changed for tests.
 */
final class TestScript {

	/**
	 * The list on which {@link #LOGGED} keeps the time of each grant, in microseconds.
	 */
	static final String GRANTS = "grants";

	/**
	 * The script with a log of what it granted, permit by permit, in the server's time.
	 */
	static final String LOGGED = replaced(
			replaced(Script.DECIDE.text(), "    write(claim)\n  end\nend\nreturn", logging("claim.permits", """
					    write(claim)
					  end
					end
					return""")), "      value, changed = written, true",
			logging("permits", "value, changed = written, true"));

	/**
	 * The script with its time taken from two more arguments. What it keeps does not
	 * expire while a test runs: the server goes by its own time there. Calls take no
	 * time.
	 */
	private static final String TURNED = replaced(
			replaced(replaced(Script.DECIDE.text(), "TRAVEL = 250000", "TRAVEL = 0"), "redis.call('TIME')",
					"{ table.remove(ARGV), table.remove(ARGV) }"),
			"'PXAT', ", "'PX', 3600000 + 0 * ");

	private TestScript() {
	}

	/**
	 * Returns the script with a clock in the place of the server's. The time goes along
	 * with each call, so that every node of a cluster sees the same one.
	 */
	static Script turnedBy(ServerClock clock) {
		return Script.of(TURNED, (arguments) -> {
			byte[][] more = Arrays.copyOf(arguments, arguments.length + 2);
			Instant now = clock.instant();
			more[arguments.length] = bytes(now.getNano() / 1000);
			more[arguments.length + 1] = bytes(now.getEpochSecond());
			return more;
		});
	}

	private static String logging(String permits, String rest) {
		return "for _ = 1, %s do redis.call('RPUSH', '%s', string.format('%%.0f', now)) end %s".formatted(permits,
				GRANTS, rest);
	}

	private static byte[] bytes(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	private static String replaced(String text, String part, String replacement) {
		assertThat(text).contains(part);
		return text.replace(part, replacement);
	}

}
