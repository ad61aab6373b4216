package io.ratelimit.it.web;

import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A limited bean, for contexts with and without the starter.
 */
class Exporter {

	static final String POLICY = "ratelimit.policies.exports.limits=1/1h";

	@RateLimited(policy = "exports", key = "global")
	public String export() {
		return "exported";
	}

	@Configuration(proxyBeanMethods = false)
	static class Exports {

		@Bean
		Exporter exporter() {
			return new Exporter();
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Starter {

	}

}
