package io.ratelimit.it.security;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;

/**
 * An application whose operators log in by a form: all may look, some may change, and
 * carol may open the page and see nothing on it.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Desk {

	@Bean
	SecurityFilterChain security(HttpSecurity http, Environment environment) throws Exception {
		if (environment.getProperty("desk.takes-basic", Boolean.class, false)) {
			http.httpBasic(Customizer.withDefaults());
		}
		return http
			.authorizeHttpRequests(
					(requests) -> requests.requestMatchers(HttpMethod.GET, "/actuator/ratelimits/console/**")
						.authenticated()
						.requestMatchers(HttpMethod.GET, "/actuator/**")
						.hasAnyRole("USER", "OPERATOR")
						.requestMatchers("/actuator/**")
						.hasRole("OPERATOR")
						.anyRequest()
						.permitAll())
			.exceptionHandling((handling) -> {
				if (environment.getProperty("desk.answers-with-401", Boolean.class, false)) {
					handling.defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
							(request) -> request.getServletPath().equals("/actuator/ratelimits"));
				}
			})
			.formLogin(Customizer.withDefaults())
			.build();
	}

	@Bean
	InMemoryUserDetailsManager users() {
		return new InMemoryUserDetailsManager(User.withUsername("alice").password("{noop}a").roles("USER").build(),
				User.withUsername("bob").password("{noop}b").roles("OPERATOR").build(),
				User.withUsername("carol").password("{noop}c").roles("GUEST").build());
	}

}
