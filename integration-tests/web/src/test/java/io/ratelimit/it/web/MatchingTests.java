package io.ratelimit.it.web;

import java.time.Duration;
import java.util.List;

import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * However a path is written, and whoever serves it, no request passes a limit.
 */
class MatchingTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/**", "/app/api/**", "/api/hello", "/*/hello" })
	void aServletPathIsNoWayPast(String paths) {
		this.application = Handlers.start(Handlers.class, "spring.mvc.servlet.path=/app", "api.paths=" + paths);
		assertThat(this.application.statuses(2, "/app/api/hello")).containsExactly(200, 429);
	}

	@Test
	void whatIsExemptIsSoUnderAServletPath() {
		this.application = Handlers.start(Handlers.class, "spring.mvc.servlet.path=/app", "api.paths=/**",
				"api.except=/api/hello");
		assertThat(this.application.statuses(3, "/app/api/hello")).containsOnly(200);
		assertThat(this.application.statuses(2, "/app/other")).containsExactly(200, 429);
	}

	@ParameterizedTest
	@CsvSource({ "/app/x/../api/hello,429,429,429", "/app//api/hello,429,400,429", "/app/%61pi/hello,429,429,429",
			"/app;x=1/api/hello,429,429,429" })
	void noSpellingIsAWayPastUnderAServletPath(String path, int tomcat, int jetty, int undertow) {
		this.application = Handlers.start(Handlers.class, "spring.mvc.servlet.path=/app", "api.paths=/api/**");
		int before = Api.calls.get();
		assertThat(this.application.statuses(1, "/app/api/hello")).containsExactly(200);
		assertThat(this.application.get(path).status()).isEqualTo(Container.expect(tomcat, jetty, undertow));
		assertThat(Api.calls.get()).isEqualTo(before + 1);
	}

	@Test
	void lettersMatchAsSpringMvcMatchesThem() {
		this.application = Handlers.start(CaseInsensitive.class, "api.paths=/api/**", "api.except=/api/free");
		assertThat(this.application.statuses(1, "/API/hello")).containsExactly(200);
		assertThat(this.application.statuses(1, "/api/Hello")).containsExactly(429);
		assertThat(this.application.statuses(3, "/API/Free")).containsOnly(200);
	}

	@Test
	void lettersMatchAsSpringMvcMatchesThemByDefault() {
		this.application = Handlers.start(Handlers.class, "api.paths=/api/**");
		assertThat(this.application.statuses(2, "/API/hello")).containsOnly(404);
	}

	@ParameterizedTest
	@CsvSource({ "/files/a/../../free,429", "/files/../free,429", "/files/%2e%2e/free,400",
			"/files/a/..;/..;/free,400" })
	void dotsDoNotMakeAPathExempt(String path, int jetty) {
		this.application = Handlers.start(Handlers.class, "api.paths=/**", "api.except=/free");
		assertThat(this.application.statuses(3, "/free")).containsOnly(200);
		assertThat(this.application.statuses(1, "/files/a")).containsExactly(200);
		assertThat(this.application.get(path).status()).isEqualTo(Container.expect(429, jetty, 429));
	}

	/**
	 * Who serves files decodes and resolves their paths, where the container has not.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "/f/file.txt", "/./f/file.txt", "/.;/f/file.txt", "/f%2ffile.txt", "/f%5cfile.txt",
			"/x/../f/file.txt", "/f;a=b/file.txt", "//f/file.txt", "/%66/file.txt", "/x/%2e%2e/f/file.txt" })
	void aFileIsLimitedHoweverItsPathIsWritten(String target) {
		this.application = Handlers.start(Handlers.class, "api.paths=/f/**");
		assertThat(this.application.get("/f/file.txt").status()).isEqualTo(200);
		assertThat(this.application.status(target)).isNotEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/f/../api/hello", "/f/..;/api/hello", "/f/..%2fapi/hello", "/f/%2e%2e/api/hello" })
	void noReadingOfAPathMakesItExempt(String target) {
		this.application = Handlers.start(Handlers.class, "api.paths=/**", "api.except=/f/**");
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
		assertThat(this.application.status(target)).isNotEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PUT", "DELETE", "PATCH", "get", "BREW" })
	void aMethodIsThatOfTheRequestLetterByLetter(String method) {
		this.application = Handlers.start(Handlers.class, "api.paths=/api/**", "api.methods=GET");
		assertThat(this.application.statuses(2, "/api/hello")).containsExactly(200, 429);
		assertThat(this.application.send(method, "/api/hello", "").status()).isNotEqualTo(429);
	}

	@ParameterizedTest
	@CsvSource({ "/t/{tenant}/**,path:tenant,/t/a/x,/t/b/x", "/t/{tenant}/**,PATH:tenant,/t/a/x,/t/b/x",
			"/files/{*rest},path:rest,/files/a,/files/b",
			"/files/{name}-{number:[0-9]+},path:number,/files/a-1,/files/a-2" })
	void aVariableOfThePathIsAKey(String paths, String key, String one, String other) {
		this.application = Handlers.start(Handlers.class, "api.paths=" + paths, "api.key=" + key);
		assertThat(this.application.statuses(2, one)).containsExactly(200, 429);
		assertThat(this.application.statuses(2, other)).containsExactly(200, 429);
	}

	@Test
	void aPathThatTakesLongToMatchIsLimited() {
		this.application = Handlers.start(Handlers.class, "api.paths=/files/*-*-*.zip", "api.limits=3/1m");
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
		this.application = Handlers.start(Handlers.class, "api.paths=/api/**");
		int status = Container.expect(tomcat, jetty, undertow);
		assertThat(this.application.status(target)).isEqualTo(status);
		assertThat(this.application.status(target)).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "/plain;%,429,429,400", "/plain;a=%zz,429,429,400", "//plain,429,400,429", "/./plain,429,429,429",
			"/plain;,429,429,429" })
	void aPathThatSpringCannotReadIsLimited(String target, int tomcat, int jetty, int undertow) {
		this.application = Handlers.start(Handlers.class, "api.paths=/**");
		assertThat(this.application.status("/plain")).isEqualTo(200);
		assertThat(this.application.status(target)).isEqualTo(Container.expect(tomcat, jetty, undertow));
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

}
