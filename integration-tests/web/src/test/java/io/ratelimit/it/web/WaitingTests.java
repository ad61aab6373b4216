package io.ratelimit.it.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.Decision;
import io.ratelimit.RateLimitListener;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.ContentCachingResponseWrapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that a leaky bucket delays rather than refuses, in real time. What is asserted
 * of moments is that nothing happens before its turn, by the clock that gave the turn.
 */
class WaitingTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void nothingIsHandledBeforeItsTurn() throws Exception {
		start();
		for (String path : List.of("/api/when", "/api/when/async", "/servlet/api", "/api/view", "/api/first")) {
			assertHandledInTurn(path);
		}
	}

	@Test
	void whatSpringMvcHandlesCanWaitWithoutAThread() throws Exception {
		start("ratelimit.http.waiting=async", "server.tomcat.threads.max=2");
		for (String path : List.of("/api/when", "/api/when/async", "/api/view")) {
			assertHandledInTurn(path);
		}
	}

	@Test
	void whatSpringMvcDoesNotHandleWaitsWithItsThreadAllTheSame() throws Exception {
		start("ratelimit.http.waiting=async");
		assertHandledInTurn("/servlet/api");
	}

	private void assertHandledInTurn(String path) throws Exception {
		Moments moments = this.application.bean(Moments.class);
		this.application.bean(RateLimits.class).limiter("api").reset("127.0.0.1");
		moments.clear();
		List<Answer> answers = together(6, path);
		assertThat(answers).as(path).extracting(Answer::status).containsOnly(200);
		List<Long> handled = moments.handled.stream().sorted().toList();
		assertThat(handled).as(path).hasSize(6);
		for (int i = 0; i < 6; i++) {
			assertThat(handled.get(i) - moments.first.get()).as("nanoseconds until request %d to %s", i, path)
				.isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(i * 50L));
		}
	}

	@Test
	void whatWouldWaitTooLongIsRefusedAtOnce() throws Exception {
		start();
		List<Answer> answers = together(30, "/api/when");
		assertThat(answers).filteredOn((answer) -> answer.status() == 429)
			.hasSizeBetween(1, 9)
			.allMatch((answer) -> !answer.header("Retry-After").isEmpty());
	}

	@Test
	void filtersThatWereNotMadeForAsynchronousRequestsWork() throws Exception {
		start();
		Moments moments = this.application.bean(Moments.class);
		List<Answer> answers = together(5, "/api/tenant", "X-Tenant", "acme", "X-Token", "valid");
		assertThat(answers).extracting(Answer::status).containsOnly(200);
		assertThat(answers).extracting(Answer::body).containsOnly("acme");
		assertThat(moments.delayed.get()).isGreaterThanOrEqualTo(4);
	}

	@Test
	void noMoreThreadsWaitThanMay() throws Exception {
		start("ratelimit.http.waiting-threads=3");
		Sleepers sleepers = new Sleepers();
		List<Answer> answers = together(15, "/api/when");
		List<Answer> refused = answers.stream().filter((answer) -> answer.status() == 429).toList();
		assertThat(sleepers.most()).isBetween(1, 3);
		assertThat(refused).isNotEmpty().allMatch((answer) -> answer.header("Retry-After").equals("1"));
		assertThat(refused.get(0).body()).contains("quota-exceeded");
		assertThat(this.application.get("/other").status()).isEqualTo(200);
	}

	@Test
	void aShareOfTheServersThreadsIsLeftForOthers() throws Exception {
		start("server.tomcat.threads.max=4");
		Sleepers sleepers = new Sleepers();
		List<Answer> answers = together(12, "/api/when");
		assertThat(answers).extracting(Answer::status).containsOnly(200, 429).contains(429);
		assertThat(sleepers.most()).isBetween(1, 2);
	}

	private void start(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("ratelimit.policies.api.limits[0].permits=20");
		all.add("ratelimit.policies.api.limits[0].window=1s");
		all.add("ratelimit.policies.api.limits[0].algorithm=leaky-bucket");
		all.add("ratelimit.policies.api.limits[0].max-wait=1s");
		all.add("ratelimit.policies.api.paths=/api/**,/servlet/**");
		this.application = Application.startInRealTime(Delayed.class, all.toArray(new String[0]));
		this.application.get("/other"); // so that the first request is not slow
	}

	private List<Answer> together(int requests, String path, String... headers) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(requests);
		List<Future<Answer>> futures = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			futures.add(threads.submit(() -> this.application.get(path, headers)));
		}
		List<Answer> answers = new ArrayList<>();
		for (Future<Answer> future : futures) {
			answers.add(future.get(60, TimeUnit.SECONDS));
		}
		threads.shutdown();
		return answers;
	}

	/**
	 * Looks, until it is asked, how many threads wait at a time.
	 */
	private static final class Sleepers implements Runnable {

		private final Thread thread = new Thread(this, "sleepers");

		private final AtomicBoolean stopped = new AtomicBoolean();

		private int most;

		Sleepers() {
			this.thread.start();
		}

		@Override
		public void run() {
			while (!this.stopped.get()) {
				int sleeping = 0;
				for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
					boolean waits = stack.length > 0 && stack[0].getMethodName().startsWith("sleep");
					sleeping += (waits && List.of(stack).toString().contains(".Waiting.await")) ? 1 : 0;
				}
				this.most = Math.max(this.most, sleeping);
			}
		}

		int most() throws InterruptedException {
			this.stopped.set(true);
			this.thread.join();
			return this.most;
		}

	}

	/**
	 * The system's clock, when permits were first counted by it, and what became of
	 * requests.
	 */
	static final class Moments implements Ticker, RateLimitListener {

		private final AtomicLong first = new AtomicLong();

		private final ConcurrentLinkedQueue<Long> handled = new ConcurrentLinkedQueue<>();

		private final AtomicInteger delayed = new AtomicInteger();

		void clear() {
			this.first.set(0);
			this.handled.clear();
		}

		void handled() {
			this.handled.add(System.nanoTime());
		}

		@Override
		public long read() {
			long now = System.nanoTime();
			this.first.compareAndSet(0, now);
			return now;
		}

		@Override
		public void onDecision(String key, long permits, Decision decision) {
			if (decision.delayNanos() > 0) {
				this.delayed.incrementAndGet();
			}
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Api.ApiController.class, WhenController.class })
	static class Delayed implements WebMvcConfigurer {

		@Bean
		Moments moments() {
			return new Moments();
		}

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.setOrder(Ordered.HIGHEST_PRECEDENCE);
			registry.addViewController("/api/view").setViewName("forward:/when");
		}

		@Bean
		ServletRegistrationBean<HttpServlet> servlet(Moments moments) {
			return new ServletRegistrationBean<>(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void doGet(HttpServletRequest request, HttpServletResponse response) {
					moments.handled();
					response.setStatus(200);
				}

			}, "/servlet/*");
		}

		/**
		 * Answers before any handler does, as Spring Security does.
		 */
		@Bean
		FilterRegistrationBean<OncePerRequestFilter> answering(Moments moments) {
			return new FilterRegistrationBean<>(new OncePerRequestFilter() {

				@Override
				protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
						FilterChain chain) throws ServletException, IOException {
					if (request.getRequestURI().equals("/api/first")) {
						moments.handled();
						return;
					}
					chain.doFilter(request, response);
				}

			});
		}

		@Bean
		FilterRegistrationBean<OncePerRequestFilter> caching() {
			return new FilterRegistrationBean<>(new OncePerRequestFilter() {

				@Override
				protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
						FilterChain chain) throws ServletException, IOException {
					if (!request.getRequestURI().equals("/api/tenant")) {
						chain.doFilter(request, response);
						return;
					}
					ContentCachingResponseWrapper wrapper = new ContentCachingResponseWrapper(response);
					chain.doFilter(request, wrapper);
					wrapper.copyBodyToResponse();
				}

			});
		}

		@Bean
		FilterRegistrationBean<OncePerRequestFilter> tenants() {
			return new FilterRegistrationBean<>(new OncePerRequestFilter() {

				@Override
				protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
						FilterChain chain) throws ServletException, IOException {
					WhenController.tenant.set(request.getHeader("X-Tenant"));
					WhenController.user.set(request.getHeader("X-Token"));
					try {
						chain.doFilter(request, response);
					}
					finally {
						WhenController.tenant.remove();
						WhenController.user.remove();
					}
				}

			});
		}

	}

	@RestController
	static class WhenController {

		static final ThreadLocal<String> tenant = new ThreadLocal<>();

		static final ThreadLocal<String> user = new ThreadLocal<>();

		private final Moments moments;

		WhenController(Moments moments) {
			this.moments = moments;
		}

		@GetMapping({ "/api/when", "/when" })
		String when() {
			this.moments.handled();
			return "now";
		}

		@GetMapping("/api/when/async")
		Callable<String> async() {
			return this::when;
		}

		@GetMapping("/api/tenant")
		String tenant(HttpServletResponse response) {
			response.setStatus((user.get() != null) ? 200 : 403);
			return String.valueOf(tenant.get());
		}

	}

}
