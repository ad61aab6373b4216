package io.ratelimit.it.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import io.ratelimit.Decision;
import io.ratelimit.RateLimitListener;
import io.ratelimit.harness.Application;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose clients are known by what they send.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Accounts {

	/**
	 * Starts an application with these accounts.
	 * @param properties properties of policies, or of what is named in full
	 */
	static Application start(Class<? extends Accounts> configuration, String... properties) {
		return Application.start(configuration,
				List.of(properties)
					.stream()
					.map((property) -> property.matches("(ratelimit|server)\\..*") ? property
							: "ratelimit.policies." + property)
					.toArray(String[]::new));
	}

	@Bean
	Keys keys() {
		return new Keys();
	}

	static final class Keys implements RateLimitListener {

		final Set<String> seen = ConcurrentHashMap.newKeySet();

		@Override
		public void onDecision(String key, long permits, Decision decision) {
			this.seen.add(decision.policy().name() + ":" + key);
		}

	}

	record Bound(String user) {

	}

	@RestController
	static class AccountController {

		@PostMapping("/login")
		String login(@RequestParam String username) {
			return username;
		}

		@GetMapping("/login")
		String loginByGet(HttpServletRequest request) {
			return request.getParameter("username");
		}

		@GetMapping("/account")
		String account(@RequestParam long id) {
			return Long.toString(id);
		}

		@GetMapping("/bound")
		String bound(Bound bound) {
			return bound.user();
		}

		@PostMapping("/length")
		String length(InputStream body) throws IOException {
			return Integer.toString(body.readAllBytes().length);
		}

		@PostMapping("/hook")
		String hook(InputStream body) throws IOException {
			return new String(body.readAllBytes(), StandardCharsets.UTF_8);
		}

		@PostMapping("/reader")
		String reader(Reader reader) throws IOException {
			StringWriter text = new StringWriter();
			reader.transferTo(text);
			return text.toString();
		}

		@PostMapping(path = { "/parameters", "/unguarded" }, produces = "text/plain;charset=UTF-8")
		String parameters(HttpServletRequest request) {
			StringBuilder text = new StringBuilder();
			new TreeMap<>(request.getParameterMap()).forEach((name, values) -> {
				assertThat(request.getParameterValues(name)).containsExactly(values);
				assertThat(request.getParameter(name)).isEqualTo(values[0]);
				text.append(name).append('=').append(String.join(",", values)).append(';');
			});
			return text.toString();
		}

		@GetMapping("/session")
		String session(HttpSession session) {
			return session.getId();
		}

	}

}
