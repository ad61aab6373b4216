package io.ratelimit.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;

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
			replaced(Script.DECIDE.text(), "    write(claim)\n  end\nend\nreturn reply", """
					    for _ = 1, claim.permits do redis.call('RPUSH', '%s', string.format('%%.0f', now)) end
					    write(claim)
					  end
					end
					return reply""".formatted(GRANTS)), "  return true, takes and written, later and expires", """
					for _ = 1, takes and permits or 0 do redis.call('RPUSH', '%s', string.format('%%.0f', now)) end
					return true, takes and written, later and expires""".formatted(GRANTS));

	/**
	 * The script with its time taken from two more arguments. What it keeps does not
	 * expire while a test runs: the server goes by its own time there. Calls take no
	 * time.
	 */
	private static final String TURNED = replaced(
			replaced(replaced(Script.DECIDE.text(), "TRAVEL = 250000", "TRAVEL = 0"), "redis.call('TIME')",
					"{ ARGV[#ARGV - 1], ARGV[#ARGV] }"),
			"'PXAT', until_then", "'PX', '3600000'");

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
			more[arguments.length] = bytes(now.getEpochSecond());
			more[arguments.length + 1] = bytes(now.getNano() / 1000);
			return more;
		});
	}

	private static byte[] bytes(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	private static String replaced(String text, String part, String replacement) {
		assertThat(text.split(Pattern.quote(part), -1)).as(part).hasSize(2);
		return text.replace(part, replacement);
	}

}
