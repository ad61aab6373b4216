package io.ratelimit.it.web;

import java.util.stream.Stream;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.filter.ForwardedHeaderFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the log says of limits that do less than somebody may think.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartNotesTests {

	private Application application;

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "header:X-Api-Key", "header:X-Api-Key | ip", "cookie:c", "param:user", "param:user + ip", "session" })
	void aPolicyThatAClientEscapesIsNamed(String key, CapturedOutput output) {
		start("api.paths=/api/**", "api.key=" + key);
		assertThat(output.getOut()).contains("Policies [api] count by a header, a cookie or a parameter");
	}

	@ParameterizedTest
	@CsvSource({ "/api/**", "/**", "/api/{rest}/**" })
	void aPolicyByAddressOnTheSamePathsHoldsIt(String paths, CapturedOutput output) {
		start("api.paths=/api/thing/**", "api.key=header:X-Api-Key", "address.limits=100/1m",
				"address.paths=" + paths + ",/api/thing/**");
		assertThat(output.getOut()).doesNotContain("count by a header");
	}

	@Test
	void aPolicyOnOtherPathsDoesNotHoldIt(CapturedOutput output) {
		start("api.paths=/api/**", "api.key=header:X-Api-Key", "address.limits=100/1m", "address.paths=/api/*");
		assertThat(output.getOut()).contains("Policies [api] count by a header");
	}

	@Test
	void handlersThatTakeOtherMethodsAreNamed(CapturedOutput output) {
		start("api.paths=/api/**", "api.methods=GET,POST");
		assertThat(output.getOut()).contains("Policy 'api' limits some methods only", "/api/hello")
			.doesNotContain("/api/form");
	}

	@Test
	void aHandlerOfAnyPathThatTakesOtherMethodsIsNamedToo(CapturedOutput output) {
		this.application = Application.start(Handlers.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/files/**", "ratelimit.policies.api.methods=PUT");
		assertThat(output.getOut()).contains("Policy 'api' limits some methods only", "/files/{*rest}");
	}

	@Test
	void theAntMatcherIsNamed(CapturedOutput output) {
		start("api.paths=/api/**", "spring.mvc.pathmatch.matching-strategy=ant_path_matcher");
		assertThat(output.getOut()).contains("matches paths with the ant matcher", "policies [api]");
		assertThat(this.application.statuses(2, "/api/hello")).containsExactly(200, 429);
	}

	@Test
	void pathsOfAnApplicationWithoutRequestsAreNamed(CapturedOutput output) {
		new SpringApplicationBuilder(Nothing.class).web(WebApplicationType.NONE)
			.properties("ratelimit.policies.api.limits=1/1m", "ratelimit.policies.api.paths=/api/**",
					"spring.main.banner-mode=off")
			.run()
			.close();
		assertThat(output.getOut()).contains("Policies [api] have paths, and this is no web application");
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.forward-headers-strategy=framework", "server.forward-headers-strategy=FRAMEWORK" })
	void addressesThatAClientChoosesAreNamed(String property, CapturedOutput output) {
		start("api.paths=/api/**", property);
		assertThat(output.getOut()).contains("limits by ip can be walked past", "ratelimit.http.trusted-proxies");
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnForwardedHeaderFilter.class, RegisteredForwardedHeaderFilter.class })
	void aFilterOfTheApplicationsOwnIsNamedToo(Class<?> configuration, CapturedOutput output) {
		this.application = Application.start(configuration, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**");
		assertThat(output.getOut()).contains("limits by ip can be walked past");
	}

	@Test
	void aServerThatBelievesTheFirstAddressIsNamed(CapturedOutput output) {
		start("api.paths=/api/**", "server.forward-headers-strategy=native");
		assertThat(output.getOut().contains("limits by ip can be walked past"))
			.isEqualTo(Container.expect(false, true, true));
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "6.6.6.1, 203.0.113.9").status())
			.isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "6.6.6.2, 203.0.113.9").status())
			.isEqualTo(Container.expect(429, 200, 200));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.main.cloud-platform=kubernetes", "server.forward-headers-strategy=native" })
	void trustedProxiesBesideAServerThatReadsTheHeaderAreNamed(String property, CapturedOutput output) {
		start("api.paths=/api/**", property, "ratelimit.http.trusted-proxies=10.0.0.0/8");
		assertThat(output.getOut()).contains("ratelimit.http.trusted-proxies stands beside a server that reads");
	}

	@Test
	void aProxyThatNobodyTrustsIsNamedOnce(CapturedOutput output) {
		start("api.paths=/api/**");
		this.application.get("/api/hello");
		assertThat(output.getOut()).doesNotContain("which is not read");
		for (int i = 0; i < 3; i++) {
			this.application.get("/api/hello", "X-Forwarded-For", "203.0.113." + i);
		}
		assertThat(output.getOut().split("A request carries X-Forwarded-For, which is not read", -1)).hasSize(2);
		assertThat(output.getOut()).contains("ratelimit.http.trusted-proxies").doesNotContain("203.0.113");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.main.cloud-platform=kubernetes", "ratelimit.http.trusted-proxies=10.0.0.0/8" })
	void aProxyThatIsReadIsNotNamed(String property, CapturedOutput output) {
		start("api.paths=/api/**", property);
		this.application.get("/api/hello", "X-Forwarded-For", "203.0.113.1");
		assertThat(output.getOut()).doesNotContain("which is not read");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/.*", "/api/.+", "/.*", "/api/(a|b)/**", "/api/[a-z]/*" })
	void aRegularExpressionIsNamed(String path, CapturedOutput output) {
		start("api.paths=/other," + path);
		assertThat(output.getOut()).contains("Policy 'api' has the paths [" + path + "], which look like regular",
				"as in /api/**");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/files/*.*", "/.well-known/**", "/{id:[a-z]+}", "/{id:(?:a|b).*}", "/v1.*", "/users(1)",
			"/$metadata" })
	void aPatternThatHasItsSignsForItselfIsNotNamed(String path, CapturedOutput output) {
		start("api.paths=" + path);
		assertThat(output.getOut()).doesNotContain("look like regular");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/api/**", "/app" })
	void aContextPathWithinAPatternIsNamed(String path, CapturedOutput output) {
		start("api.paths=/other," + path, "server.servlet.context-path=/app");
		assertThat(output.getOut()).contains("Policy 'api' has the paths [" + path + "]",
				"without the context path '/app': leave it out");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/**", "/apples/**", "/**" })
	void aPatternWithoutTheContextPathIsNotNamed(String path, CapturedOutput output) {
		start("api.paths=" + path, "server.servlet.context-path=/app");
		assertThat(output.getOut()).doesNotContain("without the context path");
	}

	@Test
	void aHandlerThatBeginsWithTheContextPathNeedsItsPattern(CapturedOutput output) {
		start("api.paths=/api/**", "server.servlet.context-path=/api");
		assertThat(output.getOut()).doesNotContain("without the context path");
		assertThat(this.application.statuses(2, "/api/api/hello")).containsExactly(200, 429);
	}

	@Test
	void aPolicyThatNobodyUsesIsNamed(CapturedOutput output) {
		start("api.paths=/api/**", "reports.limits=1/1h", "off.limits=1/1h", "off.mode=off");
		assertThat(output.getOut()).contains("Policies [reports] have no paths, and no annotated method names them");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.0.0.0/0", "::/0" })
	void proxiesThatAreEverybodyAreNamed(String range, CapturedOutput output) {
		start("api.paths=/api/**", "ratelimit.http.trusted-proxies=10.0.0.0/8," + range);
		assertThat(output.getOut()).contains("ratelimit.http.trusted-proxies has [" + range + "]",
				"trusts every address");
	}

	@Test
	void defaultsOfNoPolicyAreNamed(CapturedOutput output) {
		this.application = Application.start(Nothing.class, "ratelimit.defaults.limits=1/1m",
				"ratelimit.defaults.paths=/api/**");
		assertThat(output.getOut()).contains("ratelimit.defaults has limits or paths, and there is no policy");
	}

	@Test
	void anApplicationWithoutPoliciesIsTold(CapturedOutput output) {
		this.application = Application.start(Nothing.class, "logging.level.io.ratelimit=info");
		assertThat(output.getOut()).contains("No policy is configured below ratelimit.policies")
			.doesNotContain("Limiting by");
	}

	@Test
	void aPolicyThatAMethodNamesIsNotNamed(CapturedOutput output) {
		this.application = Application.start(Exports.class, "ratelimit.policies.exports.limits=1/1h");
		assertThat(output.getOut()).doesNotContain("have no paths");
	}

	private void start(String... properties) {
		String[] all = Stream.concat(Stream.of("ratelimit.policies.api.limits=1/1m"),
				Stream.of(properties)
					.map((property) -> property.matches("(spring|server|ratelimit)\\..*") ? property
							: "ratelimit.policies." + property))
			.toArray(String[]::new);
		this.application = Application.start(Api.class, all);
	}

	@Import(Nothing.class)
	static class Exports {

		@Bean
		Exporter exporter() {
			return new Exporter();
		}

	}

	static class Exporter {

		@RateLimited("exports")
		public void export() {
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Nothing {

	}

	@Import(Nothing.class)
	static class OwnForwardedHeaderFilter {

		@Bean
		ForwardedHeaderFilter forwarding() {
			return new ForwardedHeaderFilter();
		}

	}

	@Import(Nothing.class)
	static class RegisteredForwardedHeaderFilter {

		@Bean
		FilterRegistrationBean<ForwardedHeaderFilter> forwarding() {
			return new FilterRegistrationBean<>(new ForwardedHeaderFilter());
		}

	}

}
