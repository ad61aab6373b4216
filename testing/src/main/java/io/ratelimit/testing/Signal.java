package io.ratelimit.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A signal to a process.
 */
public enum Signal {

	/** Halts the process. */
	STOP,

	/** Lets the process go on. */
	CONT;

	/**
	 * Sends the signal.
	 * @param process the process
	 */
	public void send(Process process) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name(), String.valueOf(process.pid())).inheritIO().start();
			if (kill.waitFor() != 0) {
				throw new IllegalStateException("no signal to " + process);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
