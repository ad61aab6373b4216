package io.ratelimit.it.neighbours.shop;

import java.util.Map;

import io.github.resilience4j.ratelimiter.RateLimiterRegistry;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * An application with a filter and a registry of its own, named as most would name them.
 */
@SpringBootApplication
public class ShopApplication {

	@Bean
	RateLimiterRegistry rateLimiterRegistry() {
		return RateLimiterRegistry.custom().withTags(Map.of("of", "shop")).build();
	}

}
