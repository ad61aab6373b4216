package io.ratelimit.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application on a real {@link Container} and a free port, whose store counts by a
 * clock that is turned by hand.
 */
public final class Application implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private final HandClock clock = new HandClock();

	private Application(Class<?> configuration, boolean realTime, String... properties) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(configuration)
			.properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn")
			.properties(properties);
		if (!realTime) {
			builder.initializers((context) -> context.getBeanFactory().registerSingleton("handClock", this.clock));
		}
		this.context = builder.run();
	}

	/**
	 * Starts an application that counts by {@link #clock()}.
	 * @param configuration its configuration class
	 * @param properties its properties
	 * @return the running application
	 */
	public static Application start(Class<?> configuration, String... properties) {
		return new Application(configuration, false, properties);
	}

	/**
	 * Starts an application that counts by the system's clock.
	 * @param configuration its configuration class
	 * @param properties its properties
	 * @return the running application
	 */
	public static Application startInRealTime(Class<?> configuration, String... properties) {
		return new Application(configuration, true, properties);
	}

	/**
	 * Returns the clock that permits are counted by.
	 * @return the clock
	 */
	public HandClock clock() {
		return this.clock;
	}

	/**
	 * Returns the only bean of a type.
	 * @param <T> the type
	 * @param type the type
	 * @return the bean
	 */
	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Sends a GET.
	 * @param path path and query
	 * @param headers names and values in turn
	 * @return the response
	 */
	public Answer get(String path, String... headers) {
		return send("GET", path, "", headers);
	}

	/**
	 * Sends a POST.
	 * @param path path and query
	 * @param body the body
	 * @param headers names and values in turn
	 * @return the response
	 */
	public Answer post(String path, String body, String... headers) {
		return send("POST", path, body, headers);
	}

	/**
	 * Sends a request.
	 * @param method the method
	 * @param path path and query, sent as they stand
	 * @param body the body; none if empty
	 * @param headers names and values in turn
	 * @return the response
	 */
	public Answer send(String method, String path, String body, String... headers) {
		return send(method, uri(path), body, headers);
	}

	/**
	 * Sends a GET to any address.
	 * @param address the address, which may be on another port
	 * @param headers names and values in turn
	 * @return the response
	 */
	public Answer get(URI address, String... headers) {
		return send("GET", address, "", headers);
	}

	/**
	 * Sends a request to any address.
	 * @param method the method
	 * @param address the address, which may be on another port
	 * @param body the body; none if empty
	 * @param headers names and values in turn
	 * @return the response
	 */
	public Answer send(String method, URI address, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(address)
			.method(method,
					body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
		if (headers.length > 0) {
			request.headers(headers);
		}
		// A server may close a connection whose body nobody has read
		HttpClient client = body.isEmpty() ? this.client : HttpClient.newHttpClient();
		try {
			HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.headers(), response.body());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sends a GET whose target no client library would send.
	 * @param target the target of the request, sent as it stands
	 * @return the status of the response
	 */
	public int status(String target) {
		return status("GET " + target, "\r\n");
	}

	/**
	 * Sends a request without a body whose target no client library would send.
	 * @param method the method
	 * @param target the target of the request, sent as it stands
	 * @return the status of the response
	 */
	public int statusOf(String method, String target) {
		return status(method + ' ' + target, "Content-Length: 0\r\n\r\n");
	}

	/**
	 * Sends a POST with a form, and does not wait until all of it is sent.
	 * @param path path and query
	 * @param type the type of the form
	 * @param form the form
	 * @return the status of the response
	 */
	public int formStatus(String path, String type, String form) {
		return status("POST " + path,
				"Content-Type: " + type + "\r\nContent-Length: " + form.length() + "\r\n\r\n" + form);
	}

	private int status(String start, String rest) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
			byte[] request = (start + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + rest)
				.getBytes(StandardCharsets.ISO_8859_1);
			Thread sender = new Thread(() -> send(request, socket), "sender");
			sender.start();
			String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
			return Integer.parseInt(answer.substring(9));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void send(byte[] request, Socket socket) {
		try {
			socket.getOutputStream().write(request);
		}
		catch (IOException ex) {
			// the answer came before the end of the request
		}
	}

	/**
	 * Sends the same GET several times.
	 * @param times how often
	 * @param path path and query
	 * @param headers names and values in turn
	 * @return the status of each response
	 */
	public List<Integer> statuses(int times, String path, String... headers) {
		List<Integer> statuses = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			statuses.add(get(path, headers).status());
		}
		return statuses;
	}

	/**
	 * Returns the address of a path.
	 * @param path path and query
	 * @return its URI
	 */
	public URI uri(String path) {
		return URI.create("http://127.0.0.1:" + port() + path);
	}

	/**
	 * Returns the port that the application listens on.
	 * @return the port
	 */
	public int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
