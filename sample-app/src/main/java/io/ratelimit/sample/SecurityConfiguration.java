package io.ratelimit.sample;

import jakarta.servlet.DispatcherType;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;

/**
 * Who may do what: quotes are for everybody, the rest is for Alice and Bob.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

	private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; "
			+ "frame-ancestors 'none'; object-src 'none'";

	@Bean
	SecurityFilterChain securityFilterChain(HttpSecurity http) throws Exception {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.dispatcherTypeMatchers(DispatcherType.FORWARD, DispatcherType.ERROR)
						.permitAll()
						.requestMatchers("/", "/index.html", "/sample.css", "/sample.js", "/icon.svg")
						.permitAll()
						.requestMatchers("/api/quotes/**")
						.permitAll()
						.anyRequest()
						.authenticated())
			.httpBasic(Customizer.withDefaults())
			// 401 rather than a redirect, so that a script sees what became of its
			// attempt
			.formLogin((form) -> form.failureHandler(new SimpleUrlAuthenticationFailureHandler()))
			// so that a line of curl will do, which has no token to send: an application
			// that is used from a browser session keeps the protection that is taken away
			// here
			.csrf((csrf) -> csrf.ignoringRequestMatchers("/api/**", "/login"))
			.headers((headers) -> headers.contentSecurityPolicy((csp) -> csp.policyDirectives(CONTENT_SECURITY_POLICY)))
			.build();
	}

	@Bean
	UserDetailsService userDetailsService() {
		return new InMemoryUserDetailsManager(user("alice"), user("bob"));
	}

	private static UserDetails user(String name) {
		return User.withUsername(name).password("{noop}" + name + "-password").roles("USER").build();
	}

}
