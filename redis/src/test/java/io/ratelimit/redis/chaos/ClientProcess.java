package io.ratelimit.redis.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ratelimit.testing.Signal;

/**
 * A process that makes {@link Requests}, and what it has recorded.
 */
final class ClientProcess implements AutoCloseable {

	private static final long PATIENCE = 30;

	private final int number;

	private final Path records;

	private final Process process;

	private final BufferedReader output;

	private final List<Call> calls = new ArrayList<>();

	private long read;

	private ClientProcess(int number, Address address, Terms terms) throws IOException {
		this.number = number;
		this.records = Files.createTempFile("calls", ".txt");
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m", "-Dslf4j.internal.verbosity=ERROR", "-cp",
				System.getProperty("java.class.path"), Requests.class.getName(), address.toString(),
				this.records.toString(), terms.timeout().toString(), terms.pause().toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		this.output = new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
	}

	static ClientProcess start(int number, Address address, Terms terms) throws IOException {
		return new ClientProcess(number, address, terms);
	}

	/**
	 * Waits until every kind of request was counted.
	 */
	void awaitReady() throws IOException {
		String line = this.output.readLine();
		if (!Requests.READY.equals(line)) {
			throw new IllegalStateException("a process that is not ready: " + line);
		}
	}

	int number() {
		return this.number;
	}

	/**
	 * Returns all calls that are recorded by now, in the order of their ends.
	 */
	List<Call> calls() throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(this.records.toFile(), "r")) {
			byte[] bytes = new byte[(int) (file.length() - this.read)];
			file.seek(this.read);
			file.readFully(bytes);
			String text = new String(bytes, StandardCharsets.US_ASCII);
			int complete = text.lastIndexOf('\n') + 1;
			text.substring(0, complete).lines().map((line) -> Call.parse(this.number, line)).forEach(this.calls::add);
			this.read += complete;
		}
		return List.copyOf(this.calls);
	}

	void halt() {
		Signal.STOP.send(this.process);
	}

	void goOn() {
		Signal.CONT.send(this.process);
	}

	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/**
	 * Closes its stores while it goes on calling.
	 */
	void closeStores() throws IOException {
		OutputStream input = this.process.getOutputStream();
		input.write('\n');
		input.flush();
	}

	/**
	 * Ends the process in good order.
	 */
	void finish() throws IOException, InterruptedException {
		if (this.process.isAlive()) {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
				throw new IllegalStateException("a process that does not end");
			}
		}
	}

	@Override
	public void close() throws IOException {
		kill();
		Files.delete(this.records);
	}

}
