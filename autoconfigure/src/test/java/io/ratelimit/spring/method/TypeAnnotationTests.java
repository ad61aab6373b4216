package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static io.ratelimit.spring.method.LimitedApplication.mistake;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which methods an annotation on a type means.
 */
@ExtendWith(OutputCaptureExtension.class)
class TypeAnnotationTests {

	private static final String HERE = TypeAnnotationTests.class.getName() + "$";

	@Test
	void handlersOfAControllerAreLimitedAndNothingElseOfIt() {
		try (LimitedApplication application = new LimitedApplication(Shop.class)) {
			Shop bean = application.bean(Shop.class);
			for (int i = 0; i < 3; i++) {
				bean.bind(null);
				bean.model();
				bean.failed();
				bean.used();
			}
			bean.mapped();
			bean.exchanged();
			bean.mappedByInterface();
			assertRefused(bean::mapped);
			assertRefused(bean::exchanged);
			assertRefused(bean::mappedByInterface);
		}
	}

	@Test
	void adviceOfControllersIsNotLimitedAndSaysSo(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Advice.class)) {
			Advice bean = application.bean(Advice.class);
			bean.failed();
			bean.failed();
		}
		assertIdle(output, "Advice");
	}

	@Test
	void configurationClassIsNotLimitedAndSaysSo(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Settings.class)) {
			assertThat(application.bean(Product.class)).isSameAs(application.bean(Product.class));
		}
		assertIdle(output, "Settings");
	}

	@Test
	void configurerThatIsCreatedEarlyDoesNotStopTheStart(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Configurer.class)) {
			application.bean(Configurer.class).addInterceptors(new InterceptorRegistry());
		}
		assertIdle(output, "Configurer");
	}

	@Test
	void filterWhoseFinalMethodsWouldRunOnAProxyStopsTheStart() {
		InvalidRateLimitException mistake = mistake(Filter.class);
		assertThat(mistake)
			.hasMessageStartingWith(
					HERE + "Filter: its methods cannot be limited, since " + "org.springframework.web.filter.")
			.hasMessageEndingWith(" is final and does not work on a proxy");
		assertThat(mistake.action()).isEqualTo("Move the limited method to a bean of its own.");
	}

	@Test
	void filterThatCarriesTheAnnotationIsNotLimitedAndSaysSo(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(FilterOfType.class)) {
			assertThat(application.bean(FilterOfType.class)).isNotNull();
		}
		assertIdle(output, "FilterOfType");
	}

	@Test
	void beanMethodStopsTheStartAndSaysWhatToWrite() {
		InvalidRateLimitException mistake = mistake(Factory.class);
		assertThat(mistake).hasMessage(HERE + "Factory.product(): @RateLimited on a @Bean method would limit the "
				+ "creation of the bean, not the calls of its methods");
		assertThat(mistake.action()).startsWith("Put the annotation on the class of the bean");
		assertThat(mistake(StaticFactory.class)).hasMessageStartingWith(HERE + "StaticFactory.product(): @RateLimited");
		assertThat(mistake(LiteFactory.class)).hasMessageStartingWith(HERE + "LiteFactory.product(): @RateLimited");
	}

	static void assertIdle(CapturedOutput output, String type) {
		assertThat(output)
			.containsOnlyOnce("$" + type + " carries @RateLimited, and none of its methods is limited by it");
	}

	interface Mapped {

		@GetMapping("/interface")
		String mappedByInterface();

	}

	@Controller
	@RateLimited(limits = "3/1m")
	static class Shop implements Mapped {

		@GetMapping("/mapped")
		public String mapped() {
			return "mapped";
		}

		@GetExchange("/exchanged")
		public String exchanged() {
			return "exchanged";
		}

		@Override
		public String mappedByInterface() {
			return "mapped";
		}

		@InitBinder
		public void bind(WebDataBinder binder) {
		}

		@ModelAttribute("model")
		public String model() {
			return "model";
		}

		@ExceptionHandler(IllegalStateException.class)
		public String failed() {
			return "failed";
		}

		public void used() {
		}

	}

	@ControllerAdvice
	@RateLimited("one")
	static class Advice {

		@ExceptionHandler(IllegalStateException.class)
		public String failed() {
			return "failed";
		}

	}

	static class Product {

	}

	@Configuration
	@RateLimited("one")
	static class Settings {

		@Bean
		Product product() {
			return new Product();
		}

		@Bean
		String another() {
			return product().toString();
		}

		void helper() {
		}

	}

	@RateLimited("one")
	static class Configurer implements WebMvcConfigurer {

		@Override
		public void addInterceptors(InterceptorRegistry registry) {
		}

	}

	static class Filter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(jakarta.servlet.http.HttpServletRequest request,
				jakarta.servlet.http.HttpServletResponse response, jakarta.servlet.FilterChain chain) {
		}

		@RateLimited("one")
		public void used() {
		}

	}

	@RateLimited("one")
	static class FilterOfType extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(jakarta.servlet.http.HttpServletRequest request,
				jakarta.servlet.http.HttpServletResponse response, jakarta.servlet.FilterChain chain) {
		}

	}

	@Configuration
	static class Factory {

		@Bean
		@RateLimited("one")
		Product product() {
			return new Product();
		}

	}

	@Configuration
	static class StaticFactory {

		@Bean
		@RateLimited("one")
		static Product product() {
			return new Product();
		}

	}

	static class LiteFactory {

		@Bean
		@RateLimited("one")
		Product product() {
			return new Product();
		}

	}

}
