package io.ratelimit.it.web;

import java.io.IOException;
import java.util.List;

import io.ratelimit.harness.Application;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

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
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Handlers that requests reach on many ways.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ Api.ApiController.class, Api.ForwardController.class })
class Handlers implements WebMvcConfigurer {

	/**
	 * Starts an application with a policy {@code api} of one permit a minute.
	 * @param properties properties of policies, or of Spring
	 */
	static Application start(Class<?> configuration, String... properties) {
		String[] all = new String[properties.length + 1];
		all[0] = "ratelimit.policies.api.limits=1/1m";
		for (int i = 0; i < properties.length; i++) {
			all[i + 1] = properties[i].startsWith("spring.") ? properties[i] : "ratelimit.policies." + properties[i];
		}
		return Application.start(configuration, all);
	}

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
