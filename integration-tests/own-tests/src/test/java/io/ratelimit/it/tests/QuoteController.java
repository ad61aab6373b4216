package io.ratelimit.it.tests;

import io.ratelimit.annotation.RateLimited;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class QuoteController {

	@GetMapping({ "/quote", "/account", "/search", "/bill" })
	String quote() {
		return "Less is more.";
	}

	@GetMapping("/export")
	@RateLimited("exports")
	String export() {
		return "a,b,c";
	}

}
