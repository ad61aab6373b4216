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
	 * expire while a test runs: the server goes by its own time there.
	 */
	private static final String TURNED = replaced(
			replaced(Script.DECIDE.text(), "redis.call('TIME')", "{ table.remove(ARGV), table.remove(ARGV) }"),
			"'PXAT', ", "'PX', 3600000 + 0 * ");

	private static final String TURNED_WITHOUT_TRAVEL = replaced(TURNED, "TRAVEL = 250000", "TRAVEL = 0");

	private TestScript() {
	}

	/**
	 * Returns the script with a clock in the place of the server's. The time goes along
	 * with each call, so that every node of a cluster sees the same one. Calls take no
	 * time.
	 */
	static Script turnedBy(ServerClock clock) {
		return turned(TURNED_WITHOUT_TRAVEL, clock);
	}

	/**
	 * Returns the same script, where calls may be under way for a while.
	 */
	static Script turnedInCallsBy(ServerClock clock) {
		return turned(TURNED, clock);
	}

	private static Script turned(String text, ServerClock clock) {
		return Script.of(text, (arguments) -> {
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
