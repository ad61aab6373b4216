package io.ratelimit.it.neighbours.shop;

import io.ratelimit.annotation.RateLimited;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the tests call.
 */
@RestController
public class Hello {

	@GetMapping("/api/hello")
	String hello() {
		return "Hello";
	}

	@GetMapping("/method")
	@RateLimited("method")
	String method() {
		return "Method";
	}

}
