package io.ratelimit.sample;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Assumptions;

/**
 * A shell that lines are pasted into.
 */
final class Shell {

	private Shell() {
	}

	/**
	 * Runs a line; the test is skipped where there is no curl.
	 * @return what it prints
	 */
	static String run(String line) throws Exception {
		Assumptions.assumeTrue(execute("command -v curl").contains("curl"),
				"There is no curl on the PATH; on Debian: apt-get install curl");
		return execute(line);
	}

	private static String execute(String line) throws Exception {
		Process process = new ProcessBuilder("sh", "-c", line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
		process.getOutputStream().close();
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

}
