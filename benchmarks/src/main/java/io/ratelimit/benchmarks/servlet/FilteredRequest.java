package io.ratelimit.benchmarks.servlet;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitWebAutoConfiguration;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/**
 * A request that passes the filter before Spring Security, and one that is refused by it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class FilteredRequest {

	private static final int TOO_MANY = 429;

	/** How many policies guard the path. */
	@Param({ "1", "2" })
	public int policies;

	private final FilterChain chain = (request, response) -> {
	};

	private AnnotationConfigWebApplicationContext context;

	private Filter filter;

	@Setup
	public void setUp() {
		this.context = new AnnotationConfigWebApplicationContext();
		this.context.setServletContext(new MockServletContext());
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("benchmark",
					Map.of("ratelimit.policies.open.limits", "900000000000/1d", "ratelimit.policies.open.paths",
							"/open/**", "ratelimit.policies.shut.limits", "1/1d", "ratelimit.policies.shut.paths",
							"/shut/**", "ratelimit.policies.another.limits", "900000000000/1d",
							"ratelimit.policies.another.paths", (this.policies == 2) ? "/**" : "/elsewhere/**")));
		this.context.register(RateLimitAutoConfiguration.class, RateLimitWebAutoConfiguration.class);
		this.context.refresh();
		this.filter = Objects
			.requireNonNull(this.context.getBean("io.ratelimit.filter", FilterRegistrationBean.class).getFilter());
	}

	@TearDown
	public void close() {
		this.context.close();
	}

	@Benchmark
	public int pass(Exchange exchange) throws IOException, ServletException {
		return send(exchange.open, exchange.response, StubResponse.SC_OK);
	}

	@Benchmark
	public int refusal(Exchange exchange) throws IOException, ServletException {
		return send(exchange.shut, exchange.response, TOO_MANY);
	}

	private int send(StubRequest request, StubResponse response, int expected) throws IOException, ServletException {
		this.filter.doFilter(request.again(), response.again(), this.chain);
		if (response.getStatus() != expected) {
			throw new IllegalStateException("answered with " + response.getStatus());
		}
		return expected;
	}

	/**
	 * The requests and the response of a thread.
	 */
	@State(Scope.Thread)
	public static class Exchange {

		private final StubRequest open = new StubRequest("/open/door");

		private final StubRequest shut = new StubRequest("/shut/door");

		private final StubResponse response = new StubResponse();

		@Setup
		public void shut(FilteredRequest filtered) throws IOException, ServletException {
			filtered.filter.doFilter(this.shut.again(), this.response.again(), filtered.chain);
		}

	}

}
