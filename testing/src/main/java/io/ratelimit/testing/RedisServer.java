package io.ratelimit.testing;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import redis.embedded.RedisExecProvider;

/**
 * A Redis server in a process of its own, on a free port of the loopback address: the one
 * on the PATH, or else one that a library ships.
 */
public final class RedisServer implements AutoCloseable {

	private static final int HIGHEST_PORT = 55_535; // a cluster's bus is 10,000 above

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	private final int port;

	private final Path directory;

	private final List<String> command = new ArrayList<>();

	private Process process;

	private RedisServer(List<String> settings, String... options) throws IOException {
		this.port = freePort();
		this.directory = Files.createTempDirectory("redis");
		List<String> lines = new ArrayList<>(
				List.of("port " + this.port, "bind 127.0.0.1", "dir \"" + this.directory + '"'));
		lines.addAll(settings);
		Path file = Files.write(this.directory.resolve("redis.conf"), lines);
		this.command.addAll(List.of(executable(), file.toString()));
		this.command.addAll(List.of(options));
		this.process = run();
	}

	/**
	 * Starts a server that keeps nothing on disk, and waits until it answers.
	 * @param settings lines of its configuration
	 * @return the running server
	 */
	public static RedisServer start(String... settings) {
		List<String> lines = new ArrayList<>(List.of("save \"\"", "appendonly no", "enable-debug-command yes"));
		lines.addAll(List.of(settings));
		return start(lines);
	}

	/**
	 * Starts a Sentinel that watches a server, as {@code main}, and waits until it
	 * answers.
	 * @param watched the server
	 * @return the running Sentinel
	 */
	public static RedisServer startSentinel(RedisServer watched) {
		return startSentinel(watched, 1);
	}

	/**
	 * Starts one of several Sentinels that watch a server, as {@code main}, and waits
	 * until it answers.
	 * @param watched the server
	 * @param quorum how many must agree that the server is down
	 * @param settings further lines of its configuration
	 * @return the running Sentinel
	 */
	public static RedisServer startSentinel(RedisServer watched, int quorum, String... settings) {
		List<String> lines = new ArrayList<>(List.of("sentinel monitor main 127.0.0.1 " + watched.port + ' ' + quorum));
		lines.addAll(List.of(settings));
		return start(lines, "--sentinel");
	}

	private static RedisServer start(List<String> settings, String... options) {
		try {
			RedisServer server = new RedisServer(settings, options);
			server.awaitAnswer();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the port that the server listens on.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Returns the URI of the server.
	 * @return the URI
	 */
	public String uri() {
		return "redis://127.0.0.1:" + this.port;
	}

	/**
	 * Kills the process, as a power cut would.
	 */
	public void kill() {
		this.process.destroyForcibly();
		awaitEnd(this.process);
	}

	/**
	 * Halts the process: connections stay open and more are accepted, and nothing is
	 * answered.
	 */
	public void freeze() {
		Signal.STOP.send(this.process);
	}

	/**
	 * Lets the process go on.
	 */
	public void thaw() {
		Signal.CONT.send(this.process);
	}

	/**
	 * Starts the server again, on the same port and with nothing in it.
	 */
	public void restart() {
		try {
			this.process = run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		awaitAnswer();
	}

	/**
	 * Sends a command.
	 * @param command the command
	 * @return the answer as it is sent; empty if there is none
	 */
	public String send(String command) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1000);
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "";
		}
	}

	/**
	 * Sends a command until the answer matches.
	 * @param command the command
	 * @param pattern what the first line of the answer is to match
	 */
	public void await(String command, String pattern) {
		await(command, () -> send(command).lines().findFirst().orElse("").matches(pattern));
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

	/**
	 * Waits until this very process answers, and not another that got the port.
	 */
	private void awaitAnswer() {
		await("an answer", () -> {
			String answer = send("INFO server");
			return answer.startsWith("-NOAUTH") || answer.contains("process_id:" + this.process.pid() + "\r\n");
		});
	}

	private void await(String what, BooleanSupplier condition) {
		long begin = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (!this.process.isAlive() || System.nanoTime() - begin > PATIENCE) {
				throw new IllegalStateException("%s: no %s: %s".formatted(this.command, what, log()));
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
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

	private static void awaitEnd(Process process) {
		try {
			process.waitFor();
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

	private static String executable() throws IOException {
		for (String directory : System.getenv("PATH").split(":", -1)) {
			Path file = Path.of(directory, "redis-server");
			if (Files.isExecutable(file)) {
				return file.toString();
			}
		}
		return RedisExecProvider.defaultProvider().get().getAbsolutePath();
	}

}
