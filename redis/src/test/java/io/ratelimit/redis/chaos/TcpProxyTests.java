package io.ratelimit.redis.chaos;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.ratelimit.redis.Wait;
import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The faults that a proxy makes are those that it is meant to make.
 */
class TcpProxyTests {

	/** Shows that there is no answer; a short time cannot fail by a busy machine. */
	private static final int SILENCE = 100;

	private static RedisServer server;

	private TcpProxy proxy;

	@BeforeAll
	static void startServer() {
		server = RedisServer.start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@BeforeEach
	void start() {
		this.proxy = TcpProxy.to(server.port());
	}

	@AfterEach
	void stop() {
		this.proxy.close();
	}

	@Test
	void bytesAreForwarded() throws IOException {
		try (Socket socket = connect()) {
			assertThat(ping(socket)).isEqualTo("+PONG");
		}
	}

	@Test
	void aSilentConnectionStaysOpenWhileNewOnesAreForwarded() throws IOException {
		try (Socket silent = connect()) {
			ping(silent);
			this.proxy.silence();
			assertThatNothingIsAnswered(silent);
			try (Socket socket = connect()) {
				assertThat(ping(socket)).isEqualTo("+PONG");
			}
		}
	}

	@Test
	void aSilentConnectionStaysSilentWhenTheServerCloses() throws IOException {
		try (Socket silent = connect()) {
			ping(silent);
			this.proxy.silence();
			server.send("CLIENT KILL TYPE normal SKIPME yes");
			assertThatNothingIsAnswered(silent);
		}
	}

	@Test
	void newConnectionsAreIgnoredUntilTheyAreForwardedAgain() throws IOException {
		try (Socket before = connect()) {
			ping(before);
			this.proxy.ignoreNew();
			try (Socket ignored = connect()) {
				assertThatNothingIsAnswered(ignored);
				assertThat(ping(before)).isEqualTo("+PONG");
				this.proxy.forward();
				assertThatNothingIsAnswered(ignored);
			}
		}
		try (Socket socket = connect()) {
			assertThat(ping(socket)).isEqualTo("+PONG");
		}
	}

	@Test
	void newConnectionsAreRefusedUntilTheyAreForwardedAgain() throws IOException {
		this.proxy.refuseNew();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect().close());
		this.proxy.forward();
		try (Socket socket = connect()) {
			assertThat(ping(socket)).isEqualTo("+PONG");
		}
	}

	@Test
	void connectionsAreClosed() throws IOException {
		try (Socket socket = connect()) {
			ping(socket);
			this.proxy.disconnect();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void theEndOfTheServerIsTheEndOfItsConnections() throws IOException {
		try (RedisServer another = RedisServer.start();
				TcpProxy closing = TcpProxy.to(another.port());
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), closing.port())) {
			ping(socket);
			another.kill();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void aDelayIsAddedInBothDirections() throws IOException {
		try (Socket socket = connect()) {
			ping(socket);
			this.proxy.delay(Duration.ofMillis(30));
			Duration taken = Wait.until("an answer", () -> ping(socket).equals("+PONG"));
			assertThat(taken).isGreaterThanOrEqualTo(Duration.ofMillis(60));
		}
	}

	private Socket connect() throws IOException {
		return new Socket(InetAddress.getLoopbackAddress(), this.proxy.port());
	}

	private static String ping(Socket socket) {
		try {
			socket.setSoTimeout(0);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII).strip();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void assertThatNothingIsAnswered(Socket socket) throws IOException {
		socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
		socket.setSoTimeout(SILENCE);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.getInputStream().read());
	}

}
