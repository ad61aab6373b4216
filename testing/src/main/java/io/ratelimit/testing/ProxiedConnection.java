package io.ratelimit.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * One connection through a {@link TcpProxy}: for each direction a thread that reads and
 * one that writes, so that a delay does not hold up what comes behind.
 */
final class ProxiedConnection {

	private static final int BUFFER = 16 * 1024;

	private final Socket client;

	/** {@code null} if the connection is never answered. */
	private final @Nullable Socket server;

	private final Supplier<Duration> delay;

	private final Consumer<ProxiedConnection> closed;

	private volatile boolean silent;

	ProxiedConnection(Socket client, @Nullable Socket server, Supplier<Duration> delay,
			Consumer<ProxiedConnection> closed) {
		this.client = client;
		this.server = server;
		this.delay = delay;
		this.closed = closed;
	}

	void start() throws IOException {
		Socket other = this.server;
		if (other == null) {
			start("proxy-ignore", () -> {
				try (InputStream in = this.client.getInputStream()) {
					in.transferTo(OutputStream.nullOutputStream());
				}
				finally {
					close();
				}
			});
			return;
		}
		this.client.setTcpNoDelay(true);
		other.setTcpNoDelay(true);
		pump(this.client, other, this::close);
		pump(other, this.client, () -> {
			if (!this.silent) { // what the server does is not seen any more
				close();
			}
		});
	}

	void silence() {
		this.silent = true;
	}

	void close() {
		close(this.client);
		if (this.server != null) {
			close(this.server);
		}
		this.closed.accept(this);
	}

	private void pump(Socket from, Socket to, Runnable ended) {
		BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
		start("proxy-read", () -> {
			byte[] buffer = new byte[BUFFER];
			try {
				InputStream in = from.getInputStream();
				int length = in.read(buffer);
				while (length >= 0) {
					chunks
						.add(new Chunk(Arrays.copyOf(buffer, length), System.nanoTime() + this.delay.get().toNanos()));
					length = in.read(buffer);
				}
			}
			finally {
				chunks.add(new Chunk(null, System.nanoTime()));
			}
		});
		start("proxy-write", () -> {
			try {
				OutputStream out = to.getOutputStream();
				byte[] bytes = next(chunks);
				while (bytes != null) {
					if (!this.silent) {
						out.write(bytes);
					}
					bytes = next(chunks);
				}
			}
			finally {
				ended.run();
			}
		});
	}

	private static byte @Nullable [] next(BlockingQueue<Chunk> chunks) throws InterruptedException {
		Chunk chunk = chunks.take();
		long rest = chunk.due - System.nanoTime();
		while (rest > 0) {
			LockSupport.parkNanos(rest);
			rest = chunk.due - System.nanoTime();
		}
		return chunk.bytes;
	}

	/**
	 * Starts a thread that ends when a socket is closed.
	 */
	static void start(String name, Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// the connection has ended
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// it is of no use any more in any case
		}
	}

	/**
	 * Bytes and when to send them; {@code null} where the stream ends.
	 */
	private static final class Chunk {

		private final byte @Nullable [] bytes;

		private final long due;

		Chunk(byte @Nullable [] bytes, long due) {
			this.bytes = bytes;
			this.due = due;
		}

	}

	/**
	 * What a thread does.
	 */
	interface Task {

		void run() throws IOException, InterruptedException;

	}

}
