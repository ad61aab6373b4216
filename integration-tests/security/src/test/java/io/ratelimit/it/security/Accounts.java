package io.ratelimit.it.security;

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
import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;

/**
 * An application behind Spring Security: a login form, HTTP Basic and tokens.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Accounts {

	private static final byte[] SECRET = "a secret of thirty-two bytes or more".getBytes(StandardCharsets.UTF_8);

	@Bean
	SecurityFilterChain security(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.csrf((csrf) -> csrf.disable())
			.cors((cors) -> cors.configurationSource((request) -> {
				CorsConfiguration configuration = new CorsConfiguration();
				configuration.addAllowedOrigin("https://allowed.example");
				return configuration;
			}))
			.formLogin(Customizer.withDefaults())
			.httpBasic(Customizer.withDefaults())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}

	/**
	 * Knows everybody by a name in small letters, and calls them as they have typed it.
	 */
	@Bean
	UserDetailsService users() {
		return (name) -> User.withUsername(name)
			.password("{noop}" + name.toLowerCase(Locale.ROOT).charAt(0))
			.roles("USER")
			.build();
	}

	@Bean
	JwtDecoder jwtDecoder() {
		return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(SECRET, "HmacSHA256")).build();
	}

	static String[] basic(String user) {
		String credentials = user + ":" + user.toLowerCase(Locale.ROOT).charAt(0);
		return new String[] { "Authorization",
				"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)) };
	}

	static String[] token(String subject, String tenant) throws JOSEException {
		SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256),
				new JWTClaimsSet.Builder().subject(subject).claim("tenant", tenant).build());
		token.sign(new MACSigner(SECRET));
		return new String[] { "Authorization", "Bearer " + token.serialize() };
	}

	@RestController
	static class AccountController {

		@GetMapping("/api/me")
		String me() {
			return "me";
		}

		@GetMapping("/tenant")
		String tenant() {
			return "tenant";
		}

		@GetMapping("/export")
		@RateLimited(limits = "1/1m", key = "principal")
		String export() {
			return "export";
		}

	}

}
