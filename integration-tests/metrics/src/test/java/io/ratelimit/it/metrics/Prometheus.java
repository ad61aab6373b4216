package io.ratelimit.it.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.ratelimit.harness.Application;
import org.yaml.snakeyaml.Yaml;

/**
 * Prometheus in a process of its own, that reads applications every second and judges by
 * the published rules, with shorter times.
 */
final class Prometheus implements AutoCloseable {

	private static final String WINDOW = "[6s]";

	private static final String PENDING = "for: 1s";

	private final HttpClient client = HttpClient.newHttpClient();

	private final int port;

	private final Process process;

	private Prometheus(int port, Process process) {
		this.port = port;
		this.process = process;
	}

	static boolean isInstalled() {
		return executable() != null;
	}

	/**
	 * Starts to read applications.
	 * @param rules the file of rules
	 * @param applications the applications by the job that they are
	 */
	static Prometheus start(Path directory, Path rules, Map<String, Application> applications) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		Files.writeString(directory.resolve("rules.yml"),
				Files.readString(rules).replaceAll("\\[\\d+[smh]]", WINDOW).replaceAll("for: \\w+", PENDING));
		List<String> lines = new ArrayList<>(List.of("global:", "  scrape_interval: 1s", "  scrape_timeout: 1s",
				"  evaluation_interval: 1s", "rule_files: [rules.yml]", "scrape_configs:"));
		applications.forEach((job, application) -> lines
			.add("  - {job_name: %s, metrics_path: /actuator/prometheus, static_configs: [{targets: ['127.0.0.1:%s']}]}"
				.formatted(job, application.port())));
		Path file = Files.write(directory.resolve("prometheus.yml"), lines);
		Process process = new ProcessBuilder(String.valueOf(executable()), "--config.file=" + file,
				"--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("prometheus.log").toFile())
			.start();
		return new Prometheus(port, process);
	}

	/**
	 * Returns the alerts that fire, by name and job: {@code RatelimitStoreDown job}.
	 */
	Set<String> firing() {
		Set<String> firing = new TreeSet<>();
		for (Object alert : list(map(map(answer()).get("data")).get("alerts"))) {
			Map<?, ?> labels = map(map(alert).get("labels"));
			if (map(alert).get("state").equals("firing")) {
				firing.add(labels.get("alertname") + " " + labels.get("job"));
			}
		}
		return firing;
	}

	private Object answer() {
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/api/v1/alerts"))
				.build();
			// what is JSON is YAML too
			return new Yaml().load(this.client.send(request, HttpResponse.BodyHandlers.ofString()).body());
		}
		catch (IOException ex) {
			if (!this.process.isAlive()) {
				throw new UncheckedIOException("Prometheus has ended", ex);
			}
			return Map.of("data", Map.of("alerts", List.of()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Map<?, ?> map(Object value) {
		return (Map<?, ?>) value;
	}

	private static List<?> list(Object value) {
		return (List<?>) value;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		try {
			this.process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Path executable() {
		for (String directory : System.getenv("PATH").split(":", -1)) {
			Path file = Path.of(directory, "prometheus");
			if (Files.isExecutable(file)) {
				return file;
			}
		}
		return null;
	}

}
