package io.ratelimit.it.openapi;

import io.ratelimit.annotation.RateLimited;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import org.springdoc.core.models.GroupedOpenApi;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with an API that is described.
 */
@EnableAutoConfiguration
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({ Store.Items.class, Store.Reports.class })
class Store {

	@Bean
	GroupedOpenApi items() {
		return GroupedOpenApi.builder().group("items").pathsToMatch("/items/**", "/orders").build();
	}

	@RestController
	static class Items {

		@GetMapping("/items")
		String all() {
			return "";
		}

		@GetMapping("/items/{id}")
		String one(@PathVariable String id) {
			return id;
		}

		@DeleteMapping("/items/{id}")
		void delete(@PathVariable String id) {
		}

		@GetMapping("/items/cheap")
		String cheap() {
			return "";
		}

		@PostMapping("/orders")
		@RateLimited("orders")
		String order() {
			return "";
		}

		@PostMapping("/returns")
		@RateLimited("returns")
		@ApiResponse(responseCode = "429", description = "Our own words")
		String takeBack() {
			return "";
		}

	}

	@RestController
	@RateLimited("reports")
	static class Reports {

		@GetMapping("/reports")
		String all() {
			return "";
		}

		@GetMapping("/reports/newest")
		@RateLimited(disabled = true)
		String newest() {
			return "";
		}

	}

}
