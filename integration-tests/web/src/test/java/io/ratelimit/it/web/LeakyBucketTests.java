package io.ratelimit.it.web;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that are delayed rather than refused, in real time.
 */
class LeakyBucketTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void requestsLeaveEvenlyAndWithoutAThreadEach() throws Exception {
		start("server.tomcat.threads.max=2");
		List<Result> results = together(11, "/api/hello");
		assertThat(results).extracting((result) -> result.answer().status())
			.filteredOn((status) -> status == 200)
			.hasSize(11);
		List<Long> ends = results.stream().map(Result::millis).sorted().toList();
		for (int i = 1; i < ends.size(); i++) {
			assertThat(ends.get(i)).as("end of request %d: %s", i, ends).isGreaterThanOrEqualTo(i * 100L - 20);
		}
		assertThat(ends.get(10)).isLessThan(3000);
	}

	@Test
	void whatWouldWaitTooLongIsRefusedAtOnce() throws Exception {
		start();
		List<Result> results = together(14, "/api/hello");
		assertThat(results).filteredOn((result) -> result.answer().status() == 429).hasSize(3);
	}

	@Test
	void asynchronousHandlersAndOtherServletsAreDelayedToo() throws Exception {
		start();
		for (String path : List.of("/api/async", "/servlet/api", "/api/forward")) {
			List<Result> results = together(3, path);
			assertThat(results).extracting((result) -> result.answer().status()).containsOnly(200);
			assertThat(results.stream().mapToLong(Result::millis).max().orElseThrow()).isGreaterThanOrEqualTo(180);
		}
	}

	private void start(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("ratelimit.policies.api.limits[0].permits=10");
		all.add("ratelimit.policies.api.limits[0].window=1s");
		all.add("ratelimit.policies.api.limits[0].algorithm=leaky-bucket");
		all.add("ratelimit.policies.api.limits[0].max-wait=1s");
		all.add("ratelimit.policies.api.paths=/api/**,/servlet/**");
		this.application = Application.startInRealTime(WithServlet.class, all.toArray(new String[0]));
		this.application.get("/other"); // so that the first request is not slow
	}

	private List<Result> together(int requests, String path) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(requests);
		long start = System.nanoTime();
		List<Future<Result>> futures = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			futures.add(threads.submit(() -> {
				Answer answer = this.application.get(path);
				return new Result(answer, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
			}));
		}
		List<Result> results = new ArrayList<>();
		for (Future<Result> future : futures) {
			results.add(future.get(30, TimeUnit.SECONDS));
		}
		threads.shutdown();
		return results;
	}

	private record Result(Answer answer, long millis) {
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Api.ApiController.class, Api.ForwardController.class })
	static class WithServlet {

		@Bean
		ServletRegistrationBean<HttpServlet> servlet() {
			return new ServletRegistrationBean<>(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void doGet(HttpServletRequest request, HttpServletResponse response) {
					response.setStatus(200);
				}

			}, "/servlet/*");
		}

	}

}
