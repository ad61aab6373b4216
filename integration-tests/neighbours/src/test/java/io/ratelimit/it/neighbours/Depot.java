package io.ratelimit.it.neighbours;

import io.ratelimit.it.neighbours.shop.Hello;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * An application that registers a filter of its own, under a name that the servlet
 * container knows.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(Hello.class)
class Depot {

	@Bean
	FilterRegistrationBean<Filter> passed() {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
			((HttpServletResponse) response).setHeader("X-Passed", "registered");
			chain.doFilter(request, response);
		});
		registration.setName("rateLimitFilter");
		return registration;
	}

}
