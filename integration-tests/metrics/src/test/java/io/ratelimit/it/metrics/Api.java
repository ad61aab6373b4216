package io.ratelimit.it.metrics;

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

	static final String[] PROPERTIES = { "management.endpoints.web.exposure.include=prometheus",
			"management.otlp.metrics.export.enabled=false" };

	@RestController
	static class ApiController {

		@GetMapping({ "/api", "/trial", "/both", "/strict", "/fragile" })
		String hello() {
			return "Hello";
		}

	}

}
