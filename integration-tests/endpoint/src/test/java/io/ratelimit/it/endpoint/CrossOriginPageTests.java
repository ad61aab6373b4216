package io.ratelimit.it.endpoint;

import java.io.IOException;
import java.util.Map;

import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
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
 * A page of one origin calls an API of another, in a browser.
 */
class CrossOriginPageTests {

	private static final String ALLOWED = "http://localhost:[*]";

	private static Browser browser;

	private static Application page;

	@BeforeAll
	static void start() throws IOException {
		browser = Browser.start();
		page = Application.start(Plain.class);
	}

	@AfterAll
	static void close() {
		if (browser != null) {
			browser.close();
		}
		if (page != null) {
			page.close();
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { ByAnnotation.class, ByMappings.class, ByFilter.class })
	void aRefusalIsReadWhereAnAnswerIs(Class<?> configuration) {
		try (Application api = start(configuration)) {
			open("localhost");
			assertThat(read(api, false)).containsEntry("status", 200L).containsEntry("ratelimit", "\"api\";r=0;t=60");
			for (boolean credentials : new boolean[] { false, true }) {
				assertThat(read(api, credentials)).containsEntry("status", 429L)
					.containsEntry("retry-after", "60")
					.containsEntry("ratelimit", "\"api\";r=0;t=60")
					.containsEntry("ratelimit-policy", "\"api\";q=1;w=60");
			}
			open("127.0.0.1");
			assertThat(read(api, false)).isEmpty();
			assertThat(read(api, true)).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Anonymous.class, Plain.class })
	void nothingIsReadBeyondWhatIsGranted(Class<?> configuration) {
		try (Application api = start(configuration)) {
			api.get("/api/hello");
			open("localhost");
			assertThat(read(api, true)).isEmpty();
			assertThat(read(api, false).get("status")).isEqualTo((configuration == Anonymous.class) ? 429L : null);
		}
	}

	private static Application start(Class<?> configuration) {
		return Application.start(configuration, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**");
	}

	private static void open(String host) {
		browser.driver().get("http://" + host + ":" + page.port() + "/page");
	}

	private static Map<Object, Object> read(Application api, boolean credentials) {
		return Map.copyOf(browser.fetch(api.uri("/api/hello"), credentials));
	}

	private static CorsConfiguration granting() {
		CorsConfiguration configuration = new CorsConfiguration();
		configuration.addAllowedOriginPattern(ALLOWED);
		configuration.setAllowCredentials(true);
		configuration.addExposedHeader("RateLimit");
		return configuration;
	}

	@RestController
	static class Pages {

		@GetMapping("/page")
		String page() {
			return "Page";
		}

		@GetMapping("/api/hello")
		String hello() {
			return "Hello";
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Pages.class)
	static class Plain {

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class ByAnnotation {

		@RestController
		static class Annotated {

			@GetMapping("/api/hello")
			@CrossOrigin(originPatterns = ALLOWED, allowCredentials = "true", exposedHeaders = "RateLimit")
			String hello() {
				return "Hello";
			}

		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Pages.class)
	static class ByMappings implements WebMvcConfigurer {

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/api/**").combine(granting());
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Pages.class)
	static class ByFilter {

		@Bean
		CorsFilter corsFilter() {
			UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
			source.registerCorsConfiguration("/api/**", granting());
			return new CorsFilter(source);
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Pages.class)
	static class Anonymous implements WebMvcConfigurer {

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/api/**");
		}

	}

}
