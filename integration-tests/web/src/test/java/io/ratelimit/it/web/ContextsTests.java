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
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Contexts beside the one that has the starter: limited, or said at the start.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextsTests {

	private static final String POLICY = "ratelimit.policies.exports.limits=1/1h";

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@AfterEach
	void stop() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

	@ParameterizedTest
	@ValueSource(classes = { GivenContext.class, OwnContext.class, ServletBean.class })
	void aSecondDispatcherServletIsLimited(Class<?> configuration) {
		try (Application application = Application.start(configuration, POLICY)) {
			assertThat(application.get("/second/export").status()).isEqualTo(200);
			assertThat(application.get("/second/export").status()).isEqualTo(429);
			assertThat(application.get("/second/export").header("Retry-After")).isEqualTo("3600");
		}
	}

	@Test
	void anUnknownPolicyInASecondDispatcherServletStopsTheStart() {
		assertThatThrownBy(() -> Application.start(GivenContext.class).close())
			.hasStackTraceContaining("there is no policy 'exports'");
	}

	@Test
	void aSecondDispatcherServletWhoseContextIsThereAlreadyStopsTheStart(CapturedOutput output) {
		assertThatThrownBy(() -> Application.start(RefreshedContext.class, POLICY).close()).isNotNull();
		assertThat(output).contains("the bean 'exporter' carries @RateLimited and is not limited",
				"give a DispatcherServlet a context that is not refreshed yet");
	}

	@Test
	void aServletThatTheStarterDoesNotSeeIsSaid(CapturedOutput output) throws Exception {
		try (Application application = Application.start(AddedServlet.class, POLICY)) {
			assertThat(application.get("/second/export").status()).isIn(429, 500, 503);
		}
		catch (RuntimeException ex) {
			assertThat(ex).hasStackTraceContaining("carries @RateLimited and is not limited");
		}
		assertThat(output).contains("the bean 'exporter' carries @RateLimited and is not limited");
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

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Starter {

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
	static class Exports {

		@Bean
		Exporter exporter() {
			return new Exporter();
		}

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

	static class Exporter {

		@RateLimited(policy = "exports", key = "global")
		public String export() {
			return "exported";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@Import(Exports.class)
	static class Second {

		@Bean
		ExportController exportController(Exporter exporter) {
			return new ExportController(exporter);
		}

	}

	@RestController
	static class ExportController {

		private final Exporter exporter;

		ExportController(Exporter exporter) {
			this.exporter = exporter;
		}

		@GetMapping("/export")
		String export() {
			return this.exporter.export();
		}

	}

	@Import(Starter.class)
	static class GivenContext {

		@Bean
		ServletRegistrationBean<DispatcherServlet> second() {
			return registration(new DispatcherServlet(secondContext()));
		}

	}

	@Import(Starter.class)
	static class OwnContext {

		@Bean
		ServletRegistrationBean<DispatcherServlet> second() {
			DispatcherServlet servlet = new DispatcherServlet();
			servlet.setContextClass(AnnotationConfigWebApplicationContext.class);
			servlet.setContextConfigLocation(Second.class.getName());
			return registration(servlet);
		}

	}

	@Import(Starter.class)
	static class ServletBean {

		@Bean
		ServletRegistrationBean<Dispatcher> second(Dispatcher dispatcher) {
			ServletRegistrationBean<Dispatcher> registration = new ServletRegistrationBean<>(dispatcher, "/second/*");
			registration.setLoadOnStartup(1);
			return registration;
		}

		@Bean
		Dispatcher dispatcher() {
			return new Dispatcher(secondContext());
		}

	}

	static class Dispatcher extends org.springframework.web.servlet.DispatcherServlet {

		private static final long serialVersionUID = 1;

		Dispatcher(AnnotationConfigWebApplicationContext context) {
			super(context);
		}

		/** A context given by the application, not the root that Spring sets. */
		@Override
		public void setApplicationContext(org.springframework.context.ApplicationContext context) {
		}

	}

	@Import(Starter.class)
	static class RefreshedContext {

		@Bean
		ServletRegistrationBean<DispatcherServlet> second(ServletContext servletContext) {
			AnnotationConfigWebApplicationContext context = secondContext();
			context.setServletContext(servletContext);
			context.refresh();
			return registration(new DispatcherServlet(context));
		}

	}

	@Import(Starter.class)
	static class AddedServlet {

		@Bean
		ServletContextInitializer second() {
			return (servletContext) -> {
				ServletRegistration.Dynamic servlet = servletContext.addServlet("second",
						new DispatcherServlet(secondContext()));
				servlet.addMapping("/second/*");
				servlet.setLoadOnStartup(1);
			};
		}

	}

	private static AnnotationConfigWebApplicationContext secondContext() {
		AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
		context.register(Second.class);
		return context;
	}

	private static ServletRegistrationBean<DispatcherServlet> registration(DispatcherServlet servlet) {
		ServletRegistrationBean<DispatcherServlet> registration = new ServletRegistrationBean<>(servlet, "/second/*");
		registration.setName("second");
		registration.setLoadOnStartup(1);
		return registration;
	}

}
