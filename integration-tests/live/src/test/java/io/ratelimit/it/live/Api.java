package io.ratelimit.it.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ratelimit.LimitResolver;
import io.ratelimit.Plan;
import io.ratelimit.Policy;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.PolicySource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the tests call.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Api {

	@Bean
	Database database() {
		return new Database();
	}

	@Bean
	LimitResolver plans(Database database) {
		return (policy, key) -> policy.equals("customers") ? database.plans.get(key) : null;
	}

	@RestController
	static class ApiController {

		@GetMapping({ "/api/hello", "/moved/hello", "/customers/hello", "/tenants/hello" })
		String hello() {
			return "Hello";
		}

		@GetMapping("/exports")
		@RateLimited("exports")
		String export() {
			return "Export";
		}

		@GetMapping("/both")
		@RateLimited("both")
		String both() {
			return "Both";
		}

		@GetMapping("/place")
		@RateLimited(limits = "${my.limit}")
		String place() {
			return "Place";
		}

		@GetMapping("/place/bulk")
		@RateLimited(limits = "${my.bulk}", cost = "2")
		String placeBulk() {
			return "Bulk";
		}

		@GetMapping("/bulk")
		@RateLimited(policy = "bulk", cost = "3")
		String bulk() {
			return "Bulk";
		}

	}

	/**
	 * Policies and plans that are kept elsewhere.
	 */
	static class Database implements PolicySource {

		final Map<String, Plan> plans = new ConcurrentHashMap<>();

		volatile List<Policy> policies = List.of();

		private final List<Runnable> listeners = new ArrayList<>();

		@Override
		public List<Policy> policies() {
			return this.policies;
		}

		@Override
		public Guard guard(String policy) {
			return Guard.of("/tenants/**");
		}

		@Override
		public void onChange(Runnable changed) {
			this.listeners.add(changed);
		}

		void change(Policy... policies) {
			this.policies = List.of(policies);
			this.listeners.forEach(Runnable::run);
		}

	}

}
