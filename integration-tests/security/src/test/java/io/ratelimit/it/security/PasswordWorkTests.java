package io.ratelimit.it.security;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checking a password is work, and what was taken for it stays taken.
 */
class PasswordWorkTests {

	private static final Duration TURN = Duration.ofMillis(100);

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void oneAccountDoesNotHaveMorePasswordsCheckedThanItsAddressMay() {
		this.application = Application.start(Accounts.class, "ratelimit.policies.address.limits=10/1h",
				"ratelimit.policies.address.paths=/api/**", "ratelimit.policies.user.limits=2/1h",
				"ratelimit.policies.user.paths=/api/**", "ratelimit.policies.user.key=principal");
		List<Integer> statuses = this.application.statuses(100, "/api/me", Accounts.basic("alice"));
		assertThat(statuses.stream().filter((status) -> status == 200)).hasSize(2);
		assertThat(statuses.stream().filter((status) -> status == 429)).hasSize(98);
		assertThat(this.application.bean(CountingEncoder.class).checks).hasSize(10);
	}

	@Test
	void aForgedPreflightIsCountedBeforeAPasswordIsChecked() {
		this.application = Application.start(Accounts.class, "ratelimit.policies.address.limits=10/1h",
				"ratelimit.policies.address.paths=/api/**");
		for (int i = 0; i < 50; i++) {
			this.application.send("OPTIONS", "/api/me", "", "Origin", "https://other.example",
					"Access-Control-Request-Method", "GET", "Authorization", Accounts.basic("alice")[1]);
		}
		assertThat(this.application.bean(CountingEncoder.class).checks).hasSizeLessThanOrEqualTo(10);
	}

	@Test
	void aLoginWaitsForItsTurnBeforeThePasswordIsChecked() throws Exception {
		this.application = Application.startInRealTime(AccountsInRealTime.class,
				"ratelimit.policies.login.limits[0].permits=10", "ratelimit.policies.login.limits[0].window=1s",
				"ratelimit.policies.login.limits[0].algorithm=leaky-bucket",
				"ratelimit.policies.login.limits[0].max-wait=10s", "ratelimit.policies.login.paths=/login",
				"ratelimit.policies.login.methods=POST");
		FirstRead clock = this.application.bean(FirstRead.class);
		List<Answer> answers = together(6, () -> this.application.post("/login", "username=alice&password=wrong",
				"Content-Type", "application/x-www-form-urlencoded"));
		assertThat(answers).extracting(Answer::status).containsOnly(302);
		List<Long> checks = this.application.bean(CountingEncoder.class).checks.stream().sorted().toList();
		assertThat(checks).hasSize(6);
		for (int i = 0; i < 6; i++) {
			assertThat(checks.get(i) - clock.first.get()).as("nanoseconds until check %d", i)
				.isGreaterThanOrEqualTo(i * TURN.toNanos());
		}
	}

	private static List<Answer> together(int requests, Callable<Answer> request) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(requests);
		List<Future<Answer>> futures = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			futures.add(threads.submit(request));
		}
		List<Answer> answers = new ArrayList<>();
		for (Future<Answer> future : futures) {
			answers.add(future.get(60, TimeUnit.SECONDS));
		}
		threads.shutdown();
		return answers;
	}

	/**
	 * Remembers when each password was checked.
	 */
	static final class CountingEncoder implements PasswordEncoder {

		private final ConcurrentLinkedQueue<Long> checks = new ConcurrentLinkedQueue<>();

		private final AtomicInteger encoded = new AtomicInteger();

		@Override
		public String encode(CharSequence password) {
			this.encoded.incrementAndGet();
			return password.toString();
		}

		@Override
		public boolean matches(CharSequence password, String encoded) {
			this.checks.add(System.nanoTime());
			return encoded.contentEquals(password);
		}

	}

	/**
	 * The system's clock, and when permits were first counted by it.
	 */
	static final class FirstRead implements Ticker {

		private final AtomicLong first = new AtomicLong();

		@Override
		public long read() {
			long now = System.nanoTime();
			this.first.compareAndSet(0, now);
			return now;
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Accounts.MeController.class)
	static class Accounts {

		static String[] basic(String user) {
			return io.ratelimit.it.security.Accounts.basic(user);
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.csrf((csrf) -> csrf.disable())
				.sessionManagement((sessions) -> sessions.disable())
				.formLogin(Customizer.withDefaults())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		CountingEncoder passwordEncoder() {
			return new CountingEncoder();
		}

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(User.withUsername("alice").password("a").roles("USER").build());
		}

		@RestController
		static class MeController {

			@GetMapping("/api/me")
			String me() {
				return "me";
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Accounts.class)
	static class AccountsInRealTime {

		@Bean
		FirstRead clock() {
			return new FirstRead();
		}

	}

}
