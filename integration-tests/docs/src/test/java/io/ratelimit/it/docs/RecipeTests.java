package io.ratelimit.it.docs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.ratelimit.CalendarWindow;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.spring.request.RefusalHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the recipes say of requests, tried with the YAML of each.
 */
class RecipeTests {

	private static final String HEALTH = "Leave health checks out";

	@TempDir
	private Path directory;

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void byAddress() throws IOException {
		start("By address");
		assertThat(this.application.statuses(101, "/api/hello")).startsWith(200).endsWith(200, 429);
	}

	@Test
	void healthChecksAreLeftOut() throws IOException {
		start(HEALTH, "management.health.redis.enabled=false");
		assertThat(this.application.statuses(101, "/api/hello")).endsWith(200, 429);
		assertThat(this.application.get("/health").status()).isEqualTo(200);
		assertThat(this.application.get("/actuator/health").status()).isEqualTo(200);
	}

	@Test
	void onesOwnNetworkIsExempt() throws IOException {
		start("Exempt your own network", "ratelimit.http.trusted-proxies=127.0.0.1");
		assertThat(this.application.statuses(101, "/api/hello", "X-Forwarded-For", "198.51.100.1")).endsWith(200, 429);
		for (String address : List.of("10.1.2.3", "203.0.113.7")) {
			assertThat(this.application.statuses(120, "/api/hello", "X-Forwarded-For", address)).containsOnly(200);
			assertThat(this.application.get("/api/hello", "X-Forwarded-For", address).headers().map())
				.doesNotContainKey("ratelimit");
		}
	}

	@Test
	void whatCostsNothingPassesWhereTheLimitIsUsedUp() throws IOException {
		start("Exempt your own network", "ratelimit.http.trusted-proxies=127.0.0.1");
		this.application.bean(RateLimits.class).limiter("api").tryAcquire("10.1.2.3", 100);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "10.1.2.3").status()).isEqualTo(200);
	}

	@Test
	void addressesOfVersion6AreNetworksInExpressions() throws IOException {
		start("Exempt your own network", "ratelimit.http.trusted-proxies=127.0.0.1",
				"ratelimit.policies.networks.limits=1/1m", "ratelimit.policies.networks.paths=/health",
				"ratelimit.policies.networks.cost=#ip == '2001:db8:1:2::/64' || #ip == '0:0:0:0::/64' ? 0 : 1");
		assertThat(this.application.statuses(3, "/health", "X-Forwarded-For", "2001:db8:1:2:3::4")).containsOnly(200);
		assertThat(this.application.statuses(3, "/health", "X-Forwarded-For", "::1")).containsOnly(200);
		assertThat(this.application.statuses(2, "/health", "X-Forwarded-For", "2001:db8:1:3::4")).endsWith(429);
	}

	@Test
	void readsAndWritesApart() throws IOException {
		start("Limit reads and writes apart");
		for (int i = 0; i < 20; i++) {
			assertThat(this.application.post("/api/hello", "").status()).isEqualTo(200);
		}
		assertThat(this.application.post("/api/hello", "").status()).isEqualTo(429);
		assertThat(this.application.send("DELETE", "/api/hello", "").status()).isEqualTo(429);
		assertThat(this.application.send("HEAD", "/api/hello", "").header("RateLimit")).startsWith("\"reads\";r=299");
		assertThat(this.application.get("/api/hello").header("RateLimit")).startsWith("\"reads\";r=298");
	}

	@Test
	void byCountry() throws IOException {
		start("By country");
		assertThat(this.application.get("/api/hello", "CF-IPCountry", "DE").status()).isEqualTo(200);
		RateLimits limits = this.application.bean(RateLimits.class);
		assertThat(limits.limiter("country").peek("DE").remaining()).isEqualTo(2999);
		assertThat(limits.limiter("address").peek("127.0.0.1").remaining()).isEqualTo(99);
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
		assertThat(limits.limiter("country").peek("DE").remaining()).isEqualTo(2999);
	}

	@Test
	void byMonth() throws IOException {
		start("Monthly, in a time zone");
		RateLimits limits = this.application.bean(RateLimits.class);
		FixedWindow month = FixedWindow.of(10_000,
				new CalendarWindow(CalendarWindow.Unit.MONTH, ZoneId.of("Europe/Berlin")));
		assertThat(limits.policies().get("quota").limits()).containsExactly(month);
		assertThat(this.application.get("/api/hello").header("RateLimit-Policy"))
			.contains("\"quota\";q=10000;w=2678400");
	}

	@Test
	void aQueue() throws IOException {
		start("Queue instead of refusing");
		RateLimits limits = this.application.bean(RateLimits.class);
		assertThat(limits.policies().get("reports").limits())
			.containsExactly(LeakyBucket.of(10, Duration.ofSeconds(1), Duration.ofSeconds(2)));
		for (int i = 0; i <= 20; i++) {
			Decision decision = limits.limiter("reports").tryAcquire("global");
			assertThat(decision.allowed()).isTrue();
			assertThat(decision.delayNanos()).isEqualTo(i * TimeUnit.MILLISECONDS.toNanos(100));
		}
		Answer refused = this.application.get("/reports/new");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("1");
	}

	@Test
	void anUploadIsCountedOnceByItsLength() throws IOException {
		start("Uploads");
		assertThat(this.application.post("/upload", "short").header("RateLimit")).startsWith("\"uploads\";r=99");
		assertThat(this.application.post("/upload", "x".repeat(1_500_000)).header("RateLimit"))
			.startsWith("\"uploads\";r=97");
		assertThat(this.application.post("/upload", "").header("RateLimit")).startsWith("\"uploads\";r=96");
	}

	@Test
	void anUploadOfUnknownLengthCostsOne() throws Exception {
		start("Uploads");
		HttpRequest chunked = HttpRequest.newBuilder(this.application.uri("/upload"))
			.POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[1_500_000])))
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(chunked, HttpResponse.BodyHandlers.ofString());
		assertThat(response.body()).isEqualTo("1500000 characters");
		assertThat(response.headers().firstValue("RateLimit")).get().asString().startsWith("\"uploads\";r=99");
	}

	@Test
	void anUploadBeyondTheLimitIsRefusedForGood() throws IOException {
		Snippet uploads = Snippet.under("recipes.md", "Uploads", "yaml");
		this.application = PageApplication.start(Kiosk.class, uploads.text().replace("100/1h", "2/1h"), this.directory);
		Answer refused = this.application.post("/upload", "x".repeat(2_000_000));
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.headers().map()).doesNotContainKey("retry-after");
	}

	@Test
	void staticResourcesAreRequests() throws IOException {
		start(HEALTH);
		assertThat(this.application.get("/css/site.css").header("RateLimit")).startsWith("\"everything\";r=99");
		String modified = this.application.get("/css/site.css").header("Last-Modified");
		Answer unchanged = this.application.get("/css/site.css", "If-Modified-Since", modified);
		assertThat(unchanged.status()).isEqualTo(304);
		assertThat(unchanged.header("RateLimit")).startsWith("\"everything\";r=97");
	}

	@Test
	void staticResourcesAreLeftOut() throws IOException {
		start("Pages with static resources");
		assertThat(this.application.get("/css/site.css").headers().map()).doesNotContainKey("ratelimit");
		assertThat(this.application.get("/shop").header("RateLimit")).startsWith("\"pages\";r=59");
	}

	@Test
	void aStreamOfEventsIsCountedOnce() throws IOException {
		start("Server-sent events");
		for (int i = 1; i <= 10; i++) {
			Answer stream = this.application.get("/events");
			assertThat(stream.body()).contains("event 0", "event 19");
			assertThat(this.application.bean(RateLimits.class).limiter("streams").peek("127.0.0.1").remaining())
				.isEqualTo(10 - i);
		}
		assertThat(this.application.get("/events").status()).isEqualTo(429);
	}

	@Test
	void aHandshakeIsCountedOnceAndMessagesWhereTheyArrive() throws Exception {
		start("WebSocket");
		Talk talk = new Talk();
		WebSocket socket = connect(talk);
		for (int i = 0; i < 20; i++) {
			socket.sendText("message " + i, true).join();
			assertThat(talk.heard.poll(30, TimeUnit.SECONDS)).isEqualTo("message " + i);
		}
		assertThat(this.application.bean(RateLimits.class).limiter("handshakes").peek("127.0.0.1").remaining())
			.isEqualTo(9);
		socket.sendText("one more", true).join();
		assertThat(talk.heard.poll(30, TimeUnit.SECONDS)).isEqualTo("closed 1008");
		for (int i = 0; i < 9; i++) {
			connect(new Talk()).abort();
		}
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> connect(new Talk()))
			.withCauseInstanceOf(WebSocketHandshakeException.class)
			.satisfies((ex) -> assertThat(((WebSocketHandshakeException) ex.getCause()).getResponse().statusCode())
				.isEqualTo(429));
	}

	@Test
	void exportsHaveAnAnswerOfTheirOwn() throws IOException {
		String exports = Snippet.under("recipes.md", "An answer of its own", "yaml").text();
		this.application = PageApplication.start(KioskWithExports.class, exports, this.directory,
				"ratelimit.policies.shop.limits=1/1h", "ratelimit.policies.shop.paths=/shop");
		assertThat(this.application.statuses(2, "/exports/new")).containsOnly(200);
		Answer refused = this.application.get("/exports/new");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("3600");
		assertThat(refused.body()).isEqualTo("{\"reason\": \"exports\", \"wait\": 3600}");
		assertThat(this.application.statuses(2, "/shop")).endsWith(429);
		assertThat(this.application.get("/shop").header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void theLatestQuoteInsteadOfARefusal() {
		this.application = Application.start(Kiosk.class);
		for (int i = 1; i <= 10; i++) {
			assertThat(this.application.get("/quote").body()).isEqualTo("quote " + i);
		}
		Answer answer = this.application.get("/quote");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("quote 10");
	}

	private WebSocket connect(Talk talk) throws Exception {
		URI uri = URI.create("ws://127.0.0.1:%s/chat".formatted(Integer.toString(this.application.port())));
		return HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, talk).get(30, TimeUnit.SECONDS);
	}

	private void start(String heading, String... properties) throws IOException {
		this.application = PageApplication.start(Kiosk.class, Snippet.under("recipes.md", heading, "yaml").text(),
				this.directory, properties);
	}

	/**
	 * Remembers what is said.
	 */
	private static final class Talk implements WebSocket.Listener {

		private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
			this.heard.add(text.toString());
			socket.request(1);
			return null;
		}

		@Override
		public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
			this.heard.add("closed %s".formatted(Integer.toString(status)));
			return null;
		}

	}

	/**
	 * The kiosk, with an answer of its own for exports.
	 */
	@SpringBootConfiguration
	@Import(Kiosk.class)
	static class KioskWithExports {

		@Bean
		RefusalHandler exportsRefused() {
			return RefusalHandler.forPolicies((refusal, request, response) -> response.write("application/json",
					"{\"reason\": \"exports\", \"wait\": " + refusal.retryAfter() + "}"), "exports");
		}

	}

}
