package io.ratelimit.it.web;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * What the tests call.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Api {

	static final AtomicInteger calls = new AtomicInteger();

	@Controller
	@ResponseBody
	static class ApiController {

		@RequestMapping("/api/hello")
		String hello() {
			calls.incrementAndGet();
			return "Hello";
		}

		@GetMapping("/other")
		String other() {
			return "Other";
		}

		@GetMapping("/api/async")
		Callable<String> async() {
			return () -> "later";
		}

		@GetMapping("/api/failing")
		String failing() {
			throw new IllegalStateException("on purpose");
		}

		@GetMapping("/api/error")
		void error(HttpServletResponse response) throws IOException {
			response.sendError(418);
		}

		@GetMapping("/api/not-modified")
		ResponseEntity<Void> notModified() {
			return ResponseEntity.status(304).eTag("\"same\"").build();
		}

		@GetMapping("/api/large")
		void large(HttpServletResponse response) throws IOException {
			PrintWriter writer = response.getWriter();
			writer.print("x".repeat(100_000));
			response.flushBuffer();
		}

		@PostMapping("/api/echo")
		String echo(@RequestBody String body) {
			return body;
		}

		@PostMapping("/api/form")
		String form(String user) {
			return user;
		}

		@GetMapping("/t/{tenant}/things")
		Map<String, String> tenant(@PathVariable String tenant) {
			return Map.of("tenant", tenant);
		}

	}

	@Controller
	static class ForwardController {

		@GetMapping("/api/forward")
		String forward() {
			return "forward:/api/hello";
		}

	}

}
