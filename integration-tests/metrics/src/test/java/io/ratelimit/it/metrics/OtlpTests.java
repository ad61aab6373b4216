package io.ratelimit.it.metrics;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Meters as they arrive at a collector of OpenTelemetry.
 */
class OtlpTests {

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final List<String> types = new CopyOnWriteArrayList<>();

	@Test
	void metersArriveAtACollector() throws Exception {
		HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		collector.createContext("/v1/metrics", this::receive);
		collector.start();
		try (Application application = Application.start(Api.class,
				"management.otlp.metrics.export.url=http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
						+ collector.getAddress().getPort() + "/v1/metrics",
				"management.otlp.metrics.export.step=1h", "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api")) {
			assertThat(application.statuses(2, "/api")).containsExactly(200, 429);
		}
		finally {
			collector.stop(0);
		}
		assertThat(this.types).as("what is sent when the application ends")
			.isNotEmpty()
			.containsOnly("application/x-protobuf");
		assertThat(String.join("", this.received)).contains("ratelimit.decisions", "ratelimit.near", "ratelimit.keys",
				"ratelimit.evictions", "ratelimit.store.failures", "ratelimit.reloads", "policy", "outcome", "denied",
				"shadow-denied");
	}

	private void receive(HttpExchange exchange) throws IOException {
		try (exchange; InputStream body = exchange.getRequestBody()) {
			byte[] bytes = body.readAllBytes();
			InputStream plain = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
					? new GZIPInputStream(new ByteArrayInputStream(bytes)) : new ByteArrayInputStream(bytes);
			this.types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
			this.received.add(new String(plain.readAllBytes(), StandardCharsets.ISO_8859_1));
			exchange.sendResponseHeaders(200, -1);
		}
	}

}
