package io.ratelimit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.RedisURI;
import redis.embedded.RedisExecProvider;

/**
 * A Redis server in a process of its own, on a free port of the loopback address: the one
 * on the PATH, or else one that a test dependency ships.
 */
final class RedisServer implements AutoCloseable {

	private static final int HIGHEST_PORT = 55_535; // a cluster's bus is 10,000 above

	private static final String EXECUTABLE = executable();

	final int port;

	private final List<String> command = new ArrayList<>();

	private final Path directory;

	private Process process;

	private RedisServer(String... options) throws IOException {
		this.port = freePort();
		this.directory = Files.createTempDirectory("redis");
		this.command.addAll(List.of(EXECUTABLE, "--port", String.valueOf(this.port), "--bind", "127.0.0.1", "--save",
				"", "--appendonly", "no", "--enable-debug-command", "yes", "--dir", this.directory.toString()));
		this.command.addAll(List.of(options));
		this.process = run();
	}

	/**
	 * Starts a server, and waits until it answers.
	 */
	static RedisServer start(String... options) {
		try {
			RedisServer server = new RedisServer(options);
			server.awaitAnswer();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	RedisURI uri() {
		return RedisURI.create("127.0.0.1", this.port);
	}

	/**
	 * Kills the process, as a power cut would.
	 */
	void kill() {
		this.process.destroyForcibly();
		await(this.process);
	}

	/**
	 * Halts the process: connections stay open and more are accepted, and nothing is
	 * answered.
	 */
	void freeze() {
		signal("STOP");
	}

	/**
	 * Lets the process go on.
	 */
	void thaw() {
		signal("CONT");
	}

	/**
	 * Starts the server again, on the same port and with nothing in it.
	 */
	void restart() {
		try {
			this.process = run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		awaitAnswer();
	}

	@Override
	public void close() {
		kill();
		try (var files = Files.walk(this.directory)) {
			files.sorted((a, b) -> b.compareTo(a)).forEach((file) -> file.toFile().delete());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process run() throws IOException {
		return new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile())
			.start();
	}

	private void awaitAnswer() {
		Wait.until("an answer from " + this.command, () -> {
			if (!this.process.isAlive()) {
				throw new IllegalStateException("%s has ended: %s".formatted(this.command, log()));
			}
			return answers();
		});
	}

	/**
	 * Returns whether this very process answers, and not another that got the port.
	 */
	private boolean answers() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1000);
			socket.getOutputStream().write("PING\r\nINFO server\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			return answer.startsWith("+PONG") && answer.contains("process_id:" + this.process.pid() + "\r\n");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void signal(String name) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).inheritIO()
				.start();
			if (await(kill) != 0) {
				throw new IllegalStateException("no signal to " + this.command);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String log() {
		try {
			return Files.readString(this.directory.resolve("log"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private static int await(Process process) {
		try {
			return process.waitFor();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int freePort() throws IOException {
		while (true) {
			try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				if (socket.getLocalPort() <= HIGHEST_PORT) {
					return socket.getLocalPort();
				}
			}
		}
	}

	private static String executable() {
		for (String directory : System.getenv("PATH").split(":", -1)) {
			Path file = Path.of(directory, "redis-server");
			if (Files.isExecutable(file)) {
				return file.toString();
			}
		}
		try {
			return RedisExecProvider.defaultProvider().get().getAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
