package io.ratelimit.it.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A script of another origin reads a refusal if it could read an answer.
 */
class CrossOriginTests {

	private static final String ALLOWED = "https://allowed.example";

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(classes = { ByAnnotation.class, ByMappings.class, ByFilter.class, ByFirstFilter.class })
	void aRefusalCanBeReadWhereAnAnswerCan(Class<?> configuration) {
		start(configuration);
		Answer answer = this.application.get("/api/thing", "Origin", ALLOWED);
		Answer refused = this.application.get("/api/thing", "Origin", ALLOWED);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(refused.status()).isEqualTo(429);
		for (String field : List.of("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")) {
			assertThat(refused.header(field)).isEqualTo(answer.header(field));
		}
		assertThat(refused.headers().allValues("Access-Control-Allow-Origin")).containsExactly(ALLOWED);
		assertThat(refused.headers().allValues("Access-Control-Expose-Headers")).hasSize(1);
		assertThat(refused.header("Access-Control-Expose-Headers").split(", ")).contains("X-Own", "Retry-After",
				"RateLimit", "RateLimit-Policy");
		assertThat(refused.headers().allValues("Vary")).contains("Origin");
	}

	@ParameterizedTest
	@ValueSource(classes = { ByAnnotation.class, ByMappings.class, ByFilter.class, Nobody.class })
	void anotherOriginReadsNothing(Class<?> configuration) {
		start(configuration);
		this.application.get("/api/thing");
		for (String origin : List.of("https://other.example", "null", "nonsense", ALLOWED + ".example")) {
			Answer refused = this.application.get("/api/thing", "Origin", origin);
			assertThat(refused.status()).isIn(429, 403);
			assertThat(refused.headers().map().keySet())
				.noneMatch((name) -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
		}
	}

	@Test
	void whatAMethodRefusesCanBeReadToo() {
		start(ByAnnotation.class);
		this.application.get("/limited", "Origin", ALLOWED);
		Answer refused = this.application.get("/limited", "Origin", ALLOWED);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.headers().allValues("Access-Control-Allow-Origin")).containsExactly(ALLOWED);
		assertThat(refused.header("Access-Control-Expose-Headers")).contains("Retry-After", "RateLimit-Policy");
	}

	@Test
	void aRequestOfTheSameOriginIsToldNothingOfOrigins() {
		start(ByMappings.class);
		this.application.get("/api/thing");
		Answer refused = this.application.get("/api/thing");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.headers().map()).doesNotContainKey("access-control-allow-origin");
	}

	@ParameterizedTest
	@ValueSource(strings = { "draft-06", "x-ratelimit" })
	void theFieldsOfEveryStyleCanBeRead(String style) {
		start(ByMappings.class, "ratelimit.http.headers=" + style);
		this.application.get("/api/thing");
		Answer refused = this.application.get("/api/thing", "Origin", ALLOWED);
		String prefix = style.startsWith("x") ? "X-RateLimit-" : "RateLimit-";
		assertThat(refused.header("Access-Control-Expose-Headers")).contains(prefix + "Limit", prefix + "Remaining",
				prefix + "Reset");
	}

	private void start(Class<?> configuration, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 2);
		all[properties.length] = "ratelimit.policies.api.limits=1/1m";
		all[properties.length + 1] = "ratelimit.policies.api.paths=/api/**";
		this.application = Application.start(configuration, all);
	}

	private static CorsConfiguration configuration() {
		CorsConfiguration configuration = new CorsConfiguration();
		configuration.addAllowedOrigin(ALLOWED);
		configuration.setAllowCredentials(true);
		configuration.addExposedHeader("X-Own");
		configuration.addAllowedMethod("GET");
		return configuration;
	}

	private static CorsFilter filter() {
		UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
		source.registerCorsConfiguration("/api/**", configuration());
		return new CorsFilter(source);
	}

	@RestController
	static class Plain {

		@GetMapping("/api/thing")
		String thing() {
			return "thing";
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Plain.class)
	static class Nobody {

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class ByAnnotation {

		@RestController
		@CrossOrigin(origins = ALLOWED, allowCredentials = "true", exposedHeaders = "X-Own")
		static class Annotated {

			@GetMapping("/api/thing")
			String thing() {
				return "thing";
			}

			@GetMapping("/limited")
			@RateLimited(limits = "1/1m")
			String limited() {
				return "limited";
			}

		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Plain.class)
	static class ByMappings implements WebMvcConfigurer {

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/api/**").combine(configuration());
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Plain.class)
	static class ByFilter {

		@Bean
		CorsFilter corsFilter() {
			return filter();
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Plain.class)
	static class ByFirstFilter {

		@Bean
		FilterRegistrationBean<CorsFilter> corsFilter() {
			FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(filter());
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return registration;
		}

	}

}
