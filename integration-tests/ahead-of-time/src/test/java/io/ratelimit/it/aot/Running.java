package io.ratelimit.it.aot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application in a process of its own.
 */
final class Running implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

	private final HttpClient client = HttpClient.newHttpClient();

	private final Process process;

	private final Path output;

	Running(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Sends the same GET several times.
	 * @return the status of each response
	 */
	List<Integer> statuses(int times, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).build();
		return Stream.generate(() -> status(request)).limit(times).toList();
	}

	/**
	 * Waits until the application has given up.
	 * @return what it says
	 */
	String failure() throws Exception {
		assertThat(this.process.waitFor(PATIENCE, TimeUnit.NANOSECONDS)).as(text()).isTrue();
		return text();
	}

	/**
	 * Returns what the application has said so far.
	 */
	String text() throws IOException {
		return Files.readString(this.output);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private int port() throws Exception {
		long begin = System.nanoTime();
		Matcher started = STARTED.matcher(text());
		while (!started.find()) {
			assertThat(System.nanoTime() - begin < PATIENCE && this.process.isAlive()).as(text()).isTrue();
			this.process.waitFor(50, TimeUnit.MILLISECONDS);
			started = STARTED.matcher(text());
		}
		return Integer.parseInt(started.group(1));
	}

	private int status(HttpRequest request) {
		try {
			return this.client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
