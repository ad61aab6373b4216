package io.ratelimit.it.neighbours;

import io.github.resilience4j.circuitbreaker.annotation.CircuitBreaker;
import io.github.resilience4j.ratelimiter.annotation.RateLimiter;
import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose methods are guarded by Resilience4j and by this library.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Orders {

	@Bean
	Warehouse warehouse() {
		return new Warehouse();
	}

	static class Warehouse {

		@CircuitBreaker(name = "broken", fallbackMethod = "another")
		String broken() {
			throw new IllegalStateException("on purpose");
		}

		@RateLimiter(name = "reserve", fallbackMethod = "another")
		String reserve() {
			return "reserved";
		}

		@RateLimited("order")
		String order() {
			return "ordered";
		}

		@CircuitBreaker(name = "both")
		@RateLimited(policy = "both", key = "global")
		String both() {
			return "both";
		}

		String another(Exception failure) {
			return failure.getClass().getSimpleName();
		}

	}

	@RestController
	static class OrderController {

		private final Warehouse warehouse;

		OrderController(Warehouse warehouse) {
			this.warehouse = warehouse;
		}

		@GetMapping("/api/orders")
		String orders() {
			return "none";
		}

		@GetMapping("/order")
		String order() {
			return this.warehouse.order();
		}

	}

}
