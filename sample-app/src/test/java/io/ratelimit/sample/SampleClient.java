package io.ratelimit.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Talks HTTP to the application, as one user or as nobody.
 */
final class SampleClient {

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port;

	private final String user;

	SampleClient(int port) {
		this(port, "");
	}

	private SampleClient(int port, String user) {
		this.port = port;
		this.user = user;
	}

	SampleClient as(String user) {
		return new SampleClient(this.port, user);
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	HttpResponse<String> post(String path, String form) throws Exception {
		return send(request(path).header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(form)));
	}

	HttpResponse<String> post(String path) throws Exception {
		return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
	}

	static String header(HttpResponse<?> response, String name) {
		return response.headers().firstValue(name).orElse("");
	}

	/**
	 * Does something several times.
	 * @return the responses in order
	 */
	static List<HttpResponse<String>> times(int times, Exchange exchange) throws Exception {
		List<HttpResponse<String>> responses = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			responses.add(exchange.perform());
		}
		return responses;
	}

	private HttpRequest.Builder request(String path) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path));
		if (!this.user.isEmpty()) {
			String credentials = this.user + ":" + this.user + "-password";
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
		}
		return request;
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * A request and its response.
	 */
	interface Exchange {

		HttpResponse<String> perform() throws Exception;

	}

}
