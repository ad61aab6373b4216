package io.ratelimit.it.docs;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that people log in to: by a form, by HTTP Basic, by JSON, and by tokens.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ Bank.LoggedIn.class, Bank.Counter.class })
class Bank {

	private static final byte[] SECRET = "a secret of thirty-two bytes or more".getBytes(StandardCharsets.UTF_8);

	@Bean
	SecurityFilterChain security(HttpSecurity http) throws Exception {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.requestMatchers("/api/login").permitAll().anyRequest().authenticated())
			.csrf((csrf) -> csrf.disable())
			.formLogin(Customizer.withDefaults())
			.httpBasic(Customizer.withDefaults())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}

	@Bean
	UserDetailsService users() {
		return (name) -> User.withUsername(name.strip().toLowerCase(Locale.ROOT))
			.password("{noop}right")
			.roles("USER")
			.build();
	}

	@Bean
	JwtDecoder jwtDecoder() {
		return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(SECRET, "HmacSHA256")).build();
	}

	static String[] basic(String user, String password) {
		String credentials = user + ":" + password;
		return new String[] { "Authorization",
				"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)) };
	}

	static String[] token(String subject, String tenant) throws JOSEException {
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().subject(subject);
		if (!tenant.isEmpty()) {
			claims.claim("tenant", tenant);
		}
		SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
		token.sign(new MACSigner(SECRET));
		return new String[] { "Authorization", "Bearer " + token.serialize() };
	}

	@Component
	static class LoggedIn {

		private final RateLimits limits;

		LoggedIn(RateLimits limits) {
			this.limits = limits;
		}

		@EventListener
		void forget(InteractiveAuthenticationSuccessEvent event) {
			String name = event.getAuthentication().getName();
			this.limits.limiter("login-account").reset(name.toLowerCase(Locale.ROOT));
		}

	}

	@RestController
	static class Counter {

		@GetMapping("/api/account")
		String account() {
			return "0 €";
		}

		@PostMapping("/api/login")
		@RateLimited(limits = "50/1h", key = "#login.username().toLowerCase()")
		public String login(@RequestBody Login login) {
			return "no";
		}

	}

	record Login(String username, String password) {
	}

}
