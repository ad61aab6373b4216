package io.ratelimit.it.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.filter.HiddenHttpMethodFilter;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Requests reach handlers on many ways, and none of them passes a limit.
 */
class MatchingTests {

	private static final String[] PREFLIGHT = { "Origin", "https://example.org", "Access-Control-Request-Method",
			"GET" };

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/**", "/app/api/**", "/api/hello", "/*/hello" })
	void aServletPathIsNoWayPast(String paths) {
		start(Handlers.class, "spring.mvc.servlet.path=/app", "api.paths=" + paths);
		assertThat(this.application.statuses(2, "/app/api/hello")).containsExactly(200, 429);
	}

	@Test
	void whatIsExemptIsSoUnderAServletPath() {
		start(Handlers.class, "spring.mvc.servlet.path=/app", "api.paths=/**", "api.except=/api/hello");
		assertThat(this.application.statuses(3, "/app/api/hello")).containsOnly(200);
		assertThat(this.application.statuses(2, "/app/other")).containsExactly(200, 429);
	}

	@ParameterizedTest
	@CsvSource({ "/app/x/../api/hello,429,429,429", "/app//api/hello,429,400,429", "/app/%61pi/hello,429,429,429",
			"/app;x=1/api/hello,429,429,429" })
	void noSpellingIsAWayPastUnderAServletPath(String path, int tomcat, int jetty, int undertow) {
		start(Handlers.class, "spring.mvc.servlet.path=/app", "api.paths=/api/**");
		int before = Api.calls.get();
		assertThat(this.application.statuses(1, "/app/api/hello")).containsExactly(200);
		assertThat(this.application.get(path).status()).isEqualTo(Container.expect(tomcat, jetty, undertow));
		assertThat(Api.calls.get()).isEqualTo(before + 1);
	}

	@Test
	void lettersMatchAsSpringMvcMatchesThem() {
		start(CaseInsensitive.class, "api.paths=/api/**", "api.except=/api/free");
		assertThat(this.application.statuses(1, "/API/hello")).containsExactly(200);
		assertThat(this.application.statuses(1, "/api/Hello")).containsExactly(429);
		assertThat(this.application.statuses(3, "/API/Free")).containsOnly(200);
	}

	@Test
	void lettersMatchAsSpringMvcMatchesThemByDefault() {
		start(Handlers.class, "api.paths=/api/**");
		assertThat(this.application.statuses(2, "/API/hello")).containsOnly(404);
	}

	@ParameterizedTest
	@CsvSource({ "/files/a/../../free,429", "/files/../free,429", "/files/%2e%2e/free,400",
			"/files/a/..;/..;/free,400" })
	void dotsDoNotMakeAPathExempt(String path, int jetty) {
		start(Handlers.class, "api.paths=/**", "api.except=/free");
		assertThat(this.application.statuses(3, "/free")).containsOnly(200);
		assertThat(this.application.statuses(1, "/files/a")).containsExactly(200);
		assertThat(this.application.get(path).status()).isEqualTo(Container.expect(429, jetty, 429));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/alias", "/forwarded", "/included", "/servlet/forward", "/servlet/include" })
	void aDispatchIntoAGuardedPathIsCharged(String path) {
		start(Handlers.class, "api.paths=/api/**");
		assumeFalse(path.equals("/servlet/include") && Container.running() == Container.UNDERTOW,
				"Undertow gives Spring MVC the mapping of the servlet that includes, and no handler is found");
		Answer first = this.application.get(path);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.body()).contains("Hello");
		assertThat(this.application.get(path).status()).isEqualTo(429);
		assertThat(this.application.get("/api/hello").status()).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/alias", "/forwarded", "/included", "/dispatched" })
	void aDispatchIsChargedOnce(String path) {
		start(Handlers.class, "api.paths=/**", "api.limits=10/1m");
		Answer answer = this.application.get(path);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(this.application.get("/other").header("RateLimit")).contains("r=8");
	}

	/**
	 * Who serves files decodes and resolves their paths, where the container has not.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "/f/file.txt", "/./f/file.txt", "/.;/f/file.txt", "/f%2ffile.txt", "/f%5cfile.txt",
			"/x/../f/file.txt", "/f;a=b/file.txt", "//f/file.txt", "/%66/file.txt", "/x/%2e%2e/f/file.txt" })
	void aFileIsLimitedHoweverItsPathIsWritten(String target) {
		start(Handlers.class, "api.paths=/f/**");
		assertThat(this.application.get("/f/file.txt").status()).isEqualTo(200);
		assertThat(this.application.status(target)).isNotEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/f/../api/hello", "/f/..;/api/hello", "/f/..%2fapi/hello", "/f/%2e%2e/api/hello" })
	void noReadingOfAPathMakesItExempt(String target) {
		start(Handlers.class, "api.paths=/**", "api.except=/f/**");
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
		assertThat(this.application.status(target)).isNotEqualTo(200);
	}

	@Test
	void whatIsFreeAtFirstIsChargedWhereItIsForwardedTo() {
		start(Handlers.class, "api.paths=/**", "api.cost=#request.requestURI.startsWith('/api') ? 1 : 0");
		assertThat(this.application.statuses(2, "/other")).containsOnly(200);
		assertThat(this.application.statuses(2, "/alias")).containsExactly(200, 429);
	}

	@Test
	void anErrorIsNotCharged() {
		start(Handlers.class, "api.paths=/error");
		assertThat(this.application.statuses(3, "/api/failing")).containsOnly(500);
	}

	@Test
	void aMethodThatIsRewrittenIsLimited() {
		start(Handlers.class, "api.paths=/api/**", "api.methods=DELETE");
		String[] form = { "Content-Type", "application/x-www-form-urlencoded" };
		assertThat(this.application.post("/api/thing", "_method=DELETE", form).body()).isEqualTo("deleted");
		assertThat(this.application.post("/api/thing", "_method=DELETE", form).status()).isEqualTo(429);
		assertThat(this.application.send("DELETE", "/api/thing", "").status()).isEqualTo(429);
	}

	@Test
	void aPathThatIsRewrittenIsLimited() {
		start(Handlers.class, "api.paths=/api/hello");
		assertThat(this.application.statuses(2, "/rewritten")).containsExactly(200, 429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PUT", "DELETE", "PATCH", "get", "BREW" })
	void aMethodIsThatOfTheRequestLetterByLetter(String method) {
		start(Handlers.class, "api.paths=/api/**", "api.methods=GET");
		assertThat(this.application.statuses(2, "/api/hello")).containsExactly(200, 429);
		assertThat(this.application.send(method, "/api/hello", "").status()).isNotEqualTo(429);
	}

	@Test
	void aForgedPreflightToAnotherServletIsCounted() {
		start(Handlers.class, "api.paths=/servlet/**");
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).status()).isEqualTo(200);
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).status()).isEqualTo(429);
	}

	@Test
	void aPreflightThatAFilterAnswersIsNotCounted() {
		start(Handlers.class, "spring.profiles.active=cors", "api.paths=/servlet/**");
		for (String path : List.of("/servlet/hello", "/servlet/hello", "/servlet/elsewhere")) {
			assertThat(this.application.send("OPTIONS", path, "", PREFLIGHT).body()).doesNotContain("Echo");
		}
		assertThat(this.application.statuses(2, "/servlet/hello")).containsExactly(200, 429);
	}

	@Test
	void aForgedPreflightThatNoFilterAnswersIsCounted() {
		start(Handlers.class, "spring.profiles.active=other-cors", "api.paths=/servlet/**");
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).body()).isEqualTo("Echo");
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).status()).isEqualTo(429);
	}

	@ParameterizedTest
	@CsvSource({ "/t/{tenant}/**,path:tenant,/t/a/x,/t/b/x", "/t/{tenant}/**,PATH:tenant,/t/a/x,/t/b/x",
			"/files/{*rest},path:rest,/files/a,/files/b",
			"/files/{name}-{number:[0-9]+},path:number,/files/a-1,/files/a-2" })
	void aVariableOfThePathIsAKey(String paths, String key, String one, String other) {
		start(Handlers.class, "api.paths=" + paths, "api.key=" + key);
		assertThat(this.application.statuses(2, one)).containsExactly(200, 429);
		assertThat(this.application.statuses(2, other)).containsExactly(200, 429);
	}

	@Test
	void aPathThatTakesLongToMatchIsLimited() {
		start(Handlers.class, "api.paths=/files/*-*-*.zip", "api.limits=3/1m");
		// two seconds a request, were it matched by Spring's own pattern
		List<Integer> statuses = assertTimeoutPreemptively(Duration.ofSeconds(20),
				() -> this.application.statuses(20, "/files/" + "-".repeat(1500)));
		assertThat(statuses.subList(0, 3)).containsOnly(200);
		assertThat(statuses.subList(3, 20)).containsOnly(429);
	}

	/**
	 * A servlet that is not Spring's has its own answer for such a path, or the container
	 * has one for all.
	 */
	@ParameterizedTest
	@CsvSource({ "/plain;%,200,200,400", "/plain;a=%zz,200,200,400", "//plain,200,400,404", "/./plain,200,200,404",
			"/plain;,200,200,200", "/%zz,400,400,400" })
	void aPathThatSpringCannotReadIsNoFaultOfOurs(String target, int tomcat, int jetty, int undertow) {
		start(Handlers.class, "api.paths=/api/**");
		int status = Container.expect(tomcat, jetty, undertow);
		assertThat(this.application.status(target)).isEqualTo(status);
		assertThat(this.application.status(target)).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "/plain;%,429,429,400", "/plain;a=%zz,429,429,400", "//plain,429,400,429", "/./plain,429,429,429",
			"/plain;,429,429,429" })
	void aPathThatSpringCannotReadIsLimited(String target, int tomcat, int jetty, int undertow) {
		start(Handlers.class, "api.paths=/**");
		assertThat(this.application.status("/plain")).isEqualTo(200);
		assertThat(this.application.status(target)).isEqualTo(Container.expect(tomcat, jetty, undertow));
	}

	private void start(Class<?> configuration, String... properties) {
		String[] all = new String[properties.length + 1];
		all[0] = "ratelimit.policies.api.limits=1/1m";
		for (int i = 0; i < properties.length; i++) {
			all[i + 1] = properties[i].startsWith("spring.") ? properties[i] : "ratelimit.policies." + properties[i];
		}
		this.application = Application.start(configuration, all);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Api.ApiController.class, Api.ForwardController.class, MoreController.class })
	static class Handlers implements WebMvcConfigurer {

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addViewController("/alias").setViewName("forward:/api/hello");
		}

		@Bean
		ServletRegistrationBean<HttpServlet> servlet() {
			return new ServletRegistrationBean<>(new Echo(), "/servlet/*", "/plain");
		}

		@Bean
		FilterRegistrationBean<HiddenHttpMethodFilter> hiddenMethod() {
			return new FilterRegistrationBean<>(new HiddenHttpMethodFilter());
		}

		@Bean
		FilterRegistrationBean<Rewriting> rewriting() {
			return new FilterRegistrationBean<>(new Rewriting());
		}

		@Bean
		@Profile("cors")
		CorsFilter corsFilter() {
			return permitting();
		}

		@Bean
		@Profile("other-cors")
		FilterRegistrationBean<CorsFilter> otherCorsFilter() {
			FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(permitting());
			registration.addUrlPatterns("/other/*");
			return registration;
		}

		private static CorsFilter permitting() {
			UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
			source.registerCorsConfiguration("/servlet/hello", new CorsConfiguration().applyPermitDefaultValues());
			return new CorsFilter(source);
		}

	}

	@Import(Handlers.class)
	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class CaseInsensitive implements WebMvcConfigurer {

		@Override
		public void configurePathMatch(PathMatchConfigurer configurer) {
			PathPatternParser parser = new PathPatternParser();
			parser.setCaseSensitive(false);
			configurer.setPatternParser(parser);
		}

	}

	@RestController
	static class MoreController {

		@RequestMapping("/files/{*rest}")
		String files() {
			return "file";
		}

		@GetMapping("/t/{tenant}/x")
		String tenant() {
			return "tenant";
		}

		@GetMapping({ "/free", "/api/free" })
		String free() {
			return "free";
		}

		@DeleteMapping("/api/thing")
		String delete() {
			return "deleted";
		}

		@GetMapping("/forwarded")
		void forward(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
			request.getRequestDispatcher("/api/hello").forward(request, response);
		}

		@GetMapping("/included")
		void include(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
			response.setContentType("text/plain");
			request.getRequestDispatcher("/api/hello").include(request, response);
		}

		@GetMapping("/dispatched")
		void dispatch(HttpServletRequest request) {
			request.startAsync().dispatch("/api/hello");
		}

	}

	/**
	 * Serves a guarded path under another name, as a filter for trailing slashes does.
	 */
	static final class Rewriting extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			chain.doFilter(request.getRequestURI().equals("/rewritten") ? new HttpServletRequestWrapper(request) {

				@Override
				public String getRequestURI() {
					return "/api/hello";
				}

				@Override
				public String getServletPath() {
					return "/api/hello";
				}

			} : request, response);
		}

	}

	static final class Echo extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			for (String way : List.of("forward", "include")) {
				if (String.valueOf(request.getPathInfo()).equals("/" + way)) {
					if (way.equals("forward")) {
						request.getRequestDispatcher("/api/hello").forward(request, response);
					}
					else {
						response.setContentType("text/plain");
						request.getRequestDispatcher("/api/hello").include(request, response);
					}
					return;
				}
			}
			response.getWriter().print("Echo");
		}

	}

}
