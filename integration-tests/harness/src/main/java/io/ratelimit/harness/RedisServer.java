package io.ratelimit.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import redis.embedded.RedisExecProvider;

/**
 * A Redis server in a process of its own, on a free port of the loopback address.
 */
public final class RedisServer implements AutoCloseable {

	private static final int HIGHEST_PORT = 55_535; // a cluster's bus is 10,000 above

	private final int port;

	private final Path directory;

	private final List<String> command;

	private Process process;

	private RedisServer(String... options) throws IOException {
		this.port = freePort();
		this.directory = Files.createTempDirectory("redis");
		Path settings = Files.write(this.directory.resolve("redis.conf"),
				List.of("port " + this.port, "bind 127.0.0.1", "save \"\"", "dir " + this.directory));
		Files.write(settings, List.of(options), StandardOpenOption.APPEND);
		this.command = new ArrayList<>(List.of(executable(), settings.toString()));
		this.process = run();
	}

	/**
	 * Starts a server.
	 * @param options lines of its configuration
	 * @return the running server
	 */
	public static RedisServer start(String... options) {
		try {
			return new RedisServer(options);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a Sentinel that watches a server, as {@code main}.
	 * @param watched the server
	 * @return the running Sentinel
	 */
	public static RedisServer startSentinel(RedisServer watched) {
		try {
			RedisServer sentinel = new RedisServer();
			sentinel.kill();
			Files.write(Path.of(sentinel.command.get(1)), List.of("port " + sentinel.port, "bind 127.0.0.1",
					"dir " + sentinel.directory, "sentinel monitor main 127.0.0.1 " + watched.port + " 1"));
			sentinel.command.add("--sentinel");
			sentinel.restart();
			return sentinel;
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
	 * Kills the process, as a power cut would.
	 */
	public void kill() {
		try {
			this.process.destroyForcibly().waitFor();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
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
	}

	/**
	 * Sends a command.
	 * @param command the command
	 * @return the first line of the answer; empty if there is none
	 */
	public String send(String command) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
			String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
				.readLine();
			return (line != null) ? line : "";
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
		long begin = System.nanoTime();
		for (String answer = send(command); !answer.matches(pattern); answer = send(command)) {
			if (!this.process.isAlive() || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(10)) {
				throw new IllegalStateException("%s to %s: %s".formatted(command, this.command, answer));
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
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
		this.process = new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile())
			.start();
		await("PING", ".+");
		return this.process;
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
