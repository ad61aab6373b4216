package io.ratelimit.it.redis;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the tests call.
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

	}

}
