package io.ratelimit.it.web;

import io.ratelimit.harness.Application;
import io.ratelimit.it.web.Exporter.Exports;
import io.ratelimit.it.web.Exporter.Starter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static io.ratelimit.it.web.Exporter.POLICY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Handlers of a second {@link DispatcherServlet}, whose context is not that of the
 * starter: limited, or said at the start.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecondDispatcherServletTests {

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
