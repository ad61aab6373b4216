package io.ratelimit.it.web;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.Decision;
import io.ratelimit.RateLimitListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Handlers, servlets and filters, and when each of them has a request in its hands.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(Api.ApiController.class)
class Delayed implements WebMvcConfigurer {

	@Bean
	Moments moments() {
		return new Moments();
	}

	@Override
	public void addViewControllers(ViewControllerRegistry registry) {
		registry.setOrder(Ordered.HIGHEST_PRECEDENCE);
		registry.addViewController("/api/view").setViewName("forward:/when");
	}

	@Bean
	ServletRegistrationBean<HttpServlet> servlet(Moments moments) {
		return new ServletRegistrationBean<>(new HttpServlet() {

			private static final long serialVersionUID = 1L;

			@Override
			protected void doGet(HttpServletRequest request, HttpServletResponse response) {
				moments.handled();
				response.setStatus(200);
			}

		}, "/servlet/*");
	}

	/**
	 * Answers before any handler does, as Spring Security does.
	 */
	@Bean
	FilterRegistrationBean<OncePerRequestFilter> answering(Moments moments) {
		return new FilterRegistrationBean<>(new OncePerRequestFilter() {

			@Override
			protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws ServletException, IOException {
				if (request.getRequestURI().equals("/api/first")) {
					moments.handled();
					return;
				}
				chain.doFilter(request, response);
			}

		});
	}

	@Bean
	FilterRegistrationBean<OncePerRequestFilter> caching() {
		return new FilterRegistrationBean<>(new OncePerRequestFilter() {

			@Override
			protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws ServletException, IOException {
				if (!request.getRequestURI().equals("/api/tenant")) {
					chain.doFilter(request, response);
					return;
				}
				ContentCachingResponseWrapper wrapper = new ContentCachingResponseWrapper(response);
				chain.doFilter(request, wrapper);
				wrapper.copyBodyToResponse();
			}

		});
	}

	@Bean
	FilterRegistrationBean<OncePerRequestFilter> tenants() {
		return new FilterRegistrationBean<>(new OncePerRequestFilter() {

			@Override
			protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws ServletException, IOException {
				WhenController.tenant.set(request.getHeader("X-Tenant"));
				WhenController.user.set(request.getHeader("X-Token"));
				try {
					chain.doFilter(request, response);
				}
				finally {
					WhenController.tenant.remove();
					WhenController.user.remove();
				}
			}

		});
	}

	/**
	 * The system's clock, when permits were first counted by it, and what became of
	 * requests.
	 */
	static final class Moments implements Ticker, RateLimitListener {

		final AtomicLong first = new AtomicLong();

		final ConcurrentLinkedQueue<Long> handled = new ConcurrentLinkedQueue<>();

		final AtomicInteger delayed = new AtomicInteger();

		void clear() {
			this.first.set(0);
			this.handled.clear();
		}

		void handled() {
			this.handled.add(System.nanoTime());
		}

		@Override
		public long read() {
			long now = System.nanoTime();
			this.first.compareAndSet(0, now);
			return now;
		}

		@Override
		public void onDecision(String key, long permits, Decision decision) {
			if (decision.delayNanos() > 0) {
				this.delayed.incrementAndGet();
			}
		}

	}

	@RestController
	static class WhenController {

		static final ThreadLocal<String> tenant = new ThreadLocal<>();

		static final ThreadLocal<String> user = new ThreadLocal<>();

		private final Moments moments;

		WhenController(Moments moments) {
			this.moments = moments;
		}

		@GetMapping({ "/api/when", "/when" })
		String when() {
			this.moments.handled();
			return "now";
		}

		@GetMapping("/api/when/async")
		Callable<String> async() {
			return this::when;
		}

		@GetMapping("/api/tenant")
		String tenant(HttpServletResponse response) {
			response.setStatus((user.get() != null) ? 200 : 403);
			return String.valueOf(tenant.get());
		}

	}

}
