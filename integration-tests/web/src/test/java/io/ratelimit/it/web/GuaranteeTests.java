package io.ratelimit.it.web;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never more than the limit, over real HTTP and in real time.
 */
class GuaranteeTests {

	private static final int PERMITS = 10;

	private static final long WINDOW = Duration.ofSeconds(10).toNanos();

	/**
	 * Judged by the moments that the store has granted at, so that it does not matter how
	 * late a request is sent or answered.
	 */
	@Test
	void fiftyRequestsASecondGetTenOfTenSecondsThrough() throws Exception {
		try (Application application = Application.startInRealTime(Recorded.class,
				"ratelimit.policies.api.limits=10/10s", "ratelimit.policies.api.paths=/api/**")) {
			HttpClient client = HttpClient.newHttpClient();
			HttpRequest request = HttpRequest.newBuilder(application.uri("/api/granted")).build();
			List<CompletableFuture<Integer>> answers = new ArrayList<>();
			CountDownLatch sent = new CountDownLatch(600);
			ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
			Future<?> sending = schedule.scheduleAtFixedRate(() -> {
				answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
					.thenApply(HttpResponse::statusCode));
				sent.countDown();
			}, 0, 20, TimeUnit.MILLISECONDS);
			assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
			sending.cancel(false);
			schedule.shutdown();
			assertThat(schedule.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
			List<Integer> statuses = new ArrayList<>();
			for (CompletableFuture<Integer> answer : answers) {
				statuses.add(answer.get(60, TimeUnit.SECONDS));
			}
			List<Long> granted = application.bean(Moments.class).granted();
			assertThat(statuses).containsOnly(200, 429).filteredOn((status) -> status == 200).hasSameSizeAs(granted);
			assertThat(granted).as("a window and more").hasSizeGreaterThan(PERMITS);
			for (int i = PERMITS; i < granted.size(); i++) {
				assertThat(granted.get(i) - granted.get(i - PERMITS)).as("grant %s", i).isGreaterThanOrEqualTo(WINDOW);
			}
			assertThat(granted).filteredOn((moment) -> moment - granted.get(0) < WINDOW).hasSize(PERMITS);
		}
	}

	@Test
	void twentyThreadsGetExactlyAHundredOfAHundredThrough() throws Exception {
		try (Application application = Application.startInRealTime(Api.class, "ratelimit.policies.api.limits=100/10m",
				"ratelimit.policies.api.paths=/api/**")) {
			ExecutorService threads = Executors.newFixedThreadPool(20);
			CountDownLatch start = new CountDownLatch(1);
			List<Future<List<Integer>>> results = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				results.add(threads.submit(() -> {
					start.await();
					return application.statuses(20, "/api/hello");
				}));
			}
			start.countDown();
			List<Integer> statuses = new ArrayList<>();
			for (Future<List<Integer>> result : results) {
				statuses.addAll(result.get(60, TimeUnit.SECONDS));
			}
			threads.shutdown();
			assertThat(statuses).hasSize(400).containsOnly(200, 429);
			assertThat(statuses).filteredOn((status) -> status == 200).hasSize(100);
		}
	}

	/**
	 * The system's clock, and what it said when a request was granted, which is what the
	 * request's thread has last read.
	 */
	static final class Moments implements Ticker {

		private final ThreadLocal<Long> last = new ThreadLocal<>();

		private final Queue<Long> granted = new ConcurrentLinkedQueue<>();

		@Override
		public long read() {
			long now = System.nanoTime();
			this.last.set(now);
			return now;
		}

		void keep() {
			this.granted.add(this.last.get());
		}

		List<Long> granted() {
			return this.granted.stream().sorted().toList();
		}

	}

	@SpringBootConfiguration
	@Import(Api.class)
	static class Recorded {

		@Bean
		Moments moments() {
			return new Moments();
		}

		@Bean
		Granted granted(Moments moments) {
			return new Granted(moments);
		}

	}

	@RestController
	static class Granted {

		private final Moments moments;

		Granted(Moments moments) {
			this.moments = moments;
		}

		@GetMapping("/api/granted")
		String granted() {
			this.moments.keep();
			return "granted";
		}

	}

}
