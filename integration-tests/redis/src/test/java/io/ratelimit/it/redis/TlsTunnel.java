package io.ratelimit.it.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * TLS in front of a server that speaks none, by a certificate that is made for it.
 */
final class TlsTunnel implements AutoCloseable {

	static final String PASSWORD = "a-password";

	private final ServerSocket socket;

	private final int port;

	private final List<Socket> open = new CopyOnWriteArrayList<>();

	private TlsTunnel(ServerSocket socket, int port) {
		this.socket = socket;
		this.port = port;
	}

	/**
	 * Opens a tunnel to a port of this machine.
	 * @param keyStore the key and the certificate of {@code localhost}
	 */
	static TlsTunnel open(int port, Path keyStore) throws IOException, GeneralSecurityException {
		KeyStore keys = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(keys, PASSWORD.toCharArray());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(factory.getKeyManagers(), null, null);
		ServerSocket socket = context.getServerSocketFactory()
			.createServerSocket(0, 0, InetAddress.getLoopbackAddress());
		TlsTunnel tunnel = new TlsTunnel(socket, port);
		start(tunnel::accept);
		return tunnel;
	}

	/**
	 * Makes a key and a certificate of {@code localhost} that nobody has signed.
	 * @return the key store, whose password is {@link #PASSWORD}
	 */
	static Path keyStore(Path directory) throws IOException, InterruptedException {
		Path file = directory.resolve("localhost.p12");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		command.addAll(List.of("-genkeypair", "-alias", "localhost", "-keyalg", "EC", "-dname", "CN=localhost"));
		command.addAll(List.of("-ext", "san=dns:localhost", "-validity", "2", "-storetype", "PKCS12"));
		command.addAll(List.of("-storepass", PASSWORD, "-keystore", file.toString()));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0 || !Files.exists(file)) {
			throw new IllegalStateException(output);
		}
		return file;
	}

	int port() {
		return this.socket.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Socket one : this.open) {
			one.close();
		}
	}

	private void accept() {
		try {
			while (true) {
				Socket from = this.socket.accept();
				Socket to = new Socket(InetAddress.getLoopbackAddress(), this.port);
				this.open.addAll(List.of(from, to));
				start(() -> copy(from, to));
				start(() -> copy(to, from));
			}
		}
		catch (IOException ex) {
			if (!this.socket.isClosed()) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Copies what comes until one of the two is closed, and closes the other.
	 */
	private static void copy(Socket from, Socket to) {
		try (from; to; InputStream in = from.getInputStream()) {
			in.transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// whoever is on either side has seen that it is closed
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "tunnel");
		thread.setDaemon(true);
		thread.start();
	}

}
