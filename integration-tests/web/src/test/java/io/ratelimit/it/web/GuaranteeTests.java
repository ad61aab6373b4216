package io.ratelimit.it.web;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.ratelimit.harness.Application;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never more than the limit, over real HTTP and in real time.
 */
class GuaranteeTests {

	@Test
	void fiftyRequestsASecondForTenSecondsGetTenOfTenThrough() throws Exception {
		try (Application application = Application.startInRealTime(Api.class, "ratelimit.policies.api.limits=10/10s",
				"ratelimit.policies.api.paths=/api/**")) {
			HttpClient client = HttpClient.newHttpClient();
			HttpRequest request = HttpRequest.newBuilder(application.uri("/api/hello")).build();
			AtomicInteger allowed = new AtomicInteger();
			AtomicInteger answered = new AtomicInteger();
			List<CompletableFuture<?>> answers = new ArrayList<>();
			ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
			CountDownLatch sent = new CountDownLatch(490);
			Future<?> sending = schedule.scheduleAtFixedRate(() -> {
				answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenAccept((response) -> {
					answered.incrementAndGet();
					allowed.addAndGet((response.statusCode() == 200) ? 1 : 0);
				}));
				sent.countDown();
			}, 0, 20, TimeUnit.MILLISECONDS);
			assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
			sending.cancel(false);
			schedule.shutdown();
			assertThat(schedule.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
			CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).get(10, TimeUnit.SECONDS);
			assertThat(answered.get()).isGreaterThanOrEqualTo(490);
			assertThat(allowed.get()).isEqualTo(10);
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

}
