package io.ratelimit.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A proxy on the loopback address that behaves like a network with faults: connections
 * that die in silence, handshakes that are not answered, refusals and delays. Safe for
 * use by many threads.
 */
public final class TcpProxy implements AutoCloseable {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	private final int target;

	private final int port;

	private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

	/** Guarded by this; {@code null} while connections are refused. */
	private @Nullable ServerSocket listening;

	private volatile boolean answersNew = true;

	private volatile Duration delay = Duration.ZERO;

	private TcpProxy(int target) throws IOException {
		this.target = target;
		ServerSocket socket = listen(0);
		this.port = socket.getLocalPort();
		accept(socket);
	}

	/**
	 * Starts a proxy that forwards.
	 * @param target the port on the loopback address to forward to
	 * @return the running proxy
	 */
	public static TcpProxy to(int target) {
		try {
			return new TcpProxy(target);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the port that the proxy listens on.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Forwards new connections from now on. Those that were silenced stay silent.
	 */
	public synchronized void forward() {
		this.answersNew = true;
		if (this.listening == null) {
			try {
				accept(listen(this.port));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Swallows every byte of the present connections in both directions, and keeps them
	 * open, as a firewall does that has forgotten them.
	 */
	public void silence() {
		this.connections.forEach(ProxiedConnection::silence);
	}

	/**
	 * Accepts new connections and never answers them, until told to forward.
	 */
	public void ignoreNew() {
		this.answersNew = false;
	}

	/**
	 * Refuses new connections, until told to forward.
	 */
	public synchronized void refuseNew() {
		ServerSocket socket = this.listening;
		this.listening = null;
		if (socket != null) {
			close(socket);
		}
	}

	/**
	 * Closes the present connections.
	 */
	public void disconnect() {
		this.connections.forEach(ProxiedConnection::close);
	}

	/**
	 * Delays every byte in both directions.
	 * @param delay the time between receiving and sending
	 */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	@Override
	public void close() {
		refuseNew();
		disconnect();
	}

	private synchronized void accept(ServerSocket socket) {
		this.listening = socket;
		ProxiedConnection.start("proxy-accept", () -> {
			while (!socket.isClosed()) {
				accepted(socket.accept());
			}
		});
	}

	private void accepted(Socket client) throws IOException {
		Socket server = null;
		if (this.answersNew) {
			try {
				server = new Socket(InetAddress.getLoopbackAddress(), this.target);
			}
			catch (IOException ex) {
				client.close();
				return;
			}
		}
		ProxiedConnection connection = new ProxiedConnection(client, server, () -> this.delay,
				this.connections::remove);
		this.connections.add(connection);
		connection.start();
	}

	/**
	 * Listens on a port, which another process may have for a moment.
	 */
	private static ServerSocket listen(int port) throws IOException {
		long begin = System.nanoTime();
		while (true) {
			ServerSocket socket = new ServerSocket();
			try {
				socket.setReuseAddress(true);
				socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				if (System.nanoTime() - begin > PATIENCE) {
					throw ex;
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
			}
		}
	}

	private static void close(ServerSocket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
