package io.ratelimit.it.endpoint;

import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What is limited.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Api {

	@RestController
	static class ApiController {

		@GetMapping("/api/hello")
		String hello() {
			return "Hello";
		}

		@GetMapping("/search")
		String search() {
			return "Found";
		}

		@GetMapping("/export")
		@RateLimited(policy = "exports", cost = "3")
		String export() {
			return "Exported";
		}

		@GetMapping("/report")
		@RateLimited(limits = "7/1m", key = "global")
		String report() {
			return "Reported";
		}

	}

}
