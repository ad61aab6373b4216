package io.ratelimit.it.aspectj.woven;

import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose classes are woven.
 */
@EnableAutoConfiguration
@SpringBootConfiguration(proxyBeanMethods = false)
@Import(WovenApplication.Api.class)
public class WovenApplication {

	@Bean
	Desk desk() {
		return new Desk();
	}

	@Bean
	BankCounter bankCounter() {
		return new BankCounter();
	}

	@Bean
	PostCounter postCounter() {
		return new PostCounter();
	}

	/**
	 * A limited controller, which nothing has proxied.
	 */
	@RestController
	@RateLimited("handlers")
	public static final class Api {

		@GetMapping("/outer")
		String outer() {
			return inner() + inner();
		}

		@GetMapping("/inner")
		String inner() {
			return "!";
		}

	}

}
