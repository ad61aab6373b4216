package io.ratelimit.it.security;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page of one origin calls an API of another, in a browser, where Spring Security
 * grants it.
 */
class CrossOriginPageTests {

	@Test
	void aRefusalIsReadWhereSpringSecurityGrantsIt() throws IOException {
		try (Browser browser = Browser.start();
				Application page = Application.start(Granting.class);
				Application api = Application.start(Granting.class, "ratelimit.policies.api.limits=1/1m",
						"ratelimit.policies.api.paths=/api/**")) {
			browser.driver().get("http://localhost:" + page.port() + "/api/me");
			assertThat(read(browser, api, false)).containsEntry("status", 200L);
			for (boolean credentials : List.of(false, true)) {
				assertThat(read(browser, api, credentials)).containsEntry("status", 429L)
					.containsEntry("retry-after", "60")
					.containsEntry("ratelimit", "\"api\";r=0;t=60")
					.containsEntry("ratelimit-policy", "\"api\";q=1;w=60");
			}
			browser.driver().get(page.uri("/api/me").toString());
			assertThat(read(browser, api, false)).isEmpty();
			assertThat(read(browser, api, true)).isEmpty();
		}
	}

	private static Map<Object, Object> read(Browser browser, Application api, boolean credentials) {
		return Map.copyOf(browser.fetch(api.uri("/api/me"), credentials));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Accounts.AccountController.class)
	static class Granting {

		@Bean
		SecurityFilterChain security(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.cors(Customizer.withDefaults())
				.build();
		}

		@Bean
		CorsConfigurationSource corsConfigurationSource() {
			CorsConfiguration configuration = new CorsConfiguration().applyPermitDefaultValues();
			configuration.setAllowedOrigins(null);
			configuration.addAllowedOriginPattern("http://localhost:[*]");
			configuration.setAllowCredentials(true);
			UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
			source.registerCorsConfiguration("/api/**", configuration);
			return source;
		}

	}

}
