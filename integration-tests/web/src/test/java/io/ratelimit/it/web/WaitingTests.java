package io.ratelimit.it.web;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
		Delayed.Moments moments = this.application.bean(Delayed.Moments.class);
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
		Delayed.Moments moments = this.application.bean(Delayed.Moments.class);
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

}
