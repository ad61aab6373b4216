package io.ratelimit.it.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.it.web.Exporter.Exports;
import io.ratelimit.it.web.Exporter.Starter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;

import static io.ratelimit.it.web.Exporter.POLICY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Contexts above and below the one that has the starter: limited, or said at the start.
 */
@ExtendWith(OutputCaptureExtension.class)
class ParentContextTests {

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@AfterEach
	void stop() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void beansBelowTheStarterAreLimited() {
		ConfigurableApplicationContext child = run(
				builder(Starter.class).child(Exports.class).web(WebApplicationType.NONE));
		assertLimited(child.getBean(Exporter.class));
	}

	@Test
	void laterBeansBelowTheStarterAreLimited() {
		ConfigurableApplicationContext child = run(
				builder(Starter.class).child(LaterExports.class).web(WebApplicationType.NONE));
		assertLimited(child.getBean("lazy", Exporter.class));
		assertThatExceptionOfType(RateLimitExceededException.class)
			.isThrownBy(() -> child.getBean("prototype", Exporter.class).export());
	}

	@Test
	void siblingsBelowTheStarterShareTheirPermits() {
		ConfigurableApplicationContext one = run(
				builder(Starter.class).child(Exports.class).web(WebApplicationType.NONE));
		ConfigurableApplicationContext other = run(
				new SpringApplicationBuilder(Exports.class).parent((ConfigurableApplicationContext) one.getParent())
					.web(WebApplicationType.NONE));
		assertThat(one.getBean(Exporter.class).export()).isEqualTo("exported");
		assertThatExceptionOfType(RateLimitExceededException.class)
			.isThrownBy(() -> other.getBean(Exporter.class).export());
	}

	@Test
	void beansAboveTheStarterStopTheStart(CapturedOutput output) {
		assertThatThrownBy(() -> run(builder(Exports.class).child(Starter.class).web(WebApplicationType.NONE)))
			.isNotNull();
		assertThat(output).contains("the bean 'exporter' carries @RateLimited and is not limited",
				"Put @EnableAutoConfiguration on the configuration of that context too");
	}

	@Test
	void beansOfBothAreLimitedWhereBothHaveTheStarter() {
		ConfigurableApplicationContext child = run(
				builder(StarterWithExports.class).child(StarterWithExports.class).web(WebApplicationType.NONE));
		Exporter above = Objects.requireNonNull(child.getParent()).getBean(Exporter.class);
		assertThat(above.export()).isEqualTo("exported");
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(above::export);
		assertThatExceptionOfType(RateLimitExceededException.class)
			.isThrownBy(() -> child.getBean(Exporter.class).export());
	}

	@Test
	void aWebApplicationBelowThatHasNoFilterIsSaid(CapturedOutput output) {
		ConfigurableApplicationContext child = run(
				builder(Starter.class).child(WithoutStarter.class).web(WebApplicationType.SERVLET));
		assertThat(output).contains("serves requests and has no auto-configuration of the starter");
		assertLimited(child.getBean(Exporter.class));
	}

	@Test
	void requestsBelowAreLimitedWhereBothHaveTheStarter() throws Exception {
		ConfigurableApplicationContext child = run(
				builder(Starter.class).child(Api.class).web(WebApplicationType.SERVLET));
		assertThat(status(child, "/api/hello")).isEqualTo(200);
		assertThat(status(child, "/api/hello")).isEqualTo(429);
	}

	private static void assertLimited(Exporter exporter) {
		assertThat(exporter.export()).isEqualTo("exported");
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(exporter::export);
	}

	private static SpringApplicationBuilder builder(Class<?> parent) {
		return new SpringApplicationBuilder(parent).web(WebApplicationType.NONE)
			.properties(POLICY, "ratelimit.policies.api.limits=1/1h", "ratelimit.policies.api.paths=/api/**",
					"spring.main.banner-mode=off", "server.port=0");
	}

	private ConfigurableApplicationContext run(SpringApplicationBuilder builder) {
		ConfigurableApplicationContext context = builder.run();
		this.contexts.add(context);
		return context;
	}

	private static int status(ConfigurableApplicationContext context, String path)
			throws IOException, InterruptedException {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
					HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration",
			"io.ratelimit.spring.autoconfigure.RateLimitWebAutoConfiguration" })
	@Import(Exports.class)
	static class WithoutStarter {

	}

	@Import({ Starter.class, Exports.class })
	static class StarterWithExports {

	}

	@Configuration(proxyBeanMethods = false)
	static class LaterExports {

		@Bean
		@Lazy
		Exporter lazy() {
			return new Exporter();
		}

		@Bean
		@Scope("prototype")
		Exporter prototype() {
			return new Exporter();
		}

	}

}
