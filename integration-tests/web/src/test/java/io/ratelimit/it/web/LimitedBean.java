package io.ratelimit.it.web;

import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A bean that is limited for each key, and a controller that calls it.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class LimitedBean {

	@Component
	static class Limited {

		@RateLimited(limits = "1/1m", key = "#key")
		String call(String key) {
			return key;
		}

	}

	@RestController
	static class LimitedController {

		private final Limited limited;

		LimitedController(Limited limited) {
			this.limited = limited;
		}

		@GetMapping("/limited")
		String limited() {
			return this.limited.call("controller");
		}

	}

}
