package io.ratelimit.spring.web.servlet;

import java.util.EnumSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;
import io.ratelimit.spring.request.RequestRules;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Configuration of the filters, and of what answers refusals, in servlet applications.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ServletProperties.class)
class ServletConfiguration {

	private static final String CLIENT_ADDRESS = "io.ratelimit.clientAddress";

	private static final boolean MVC_PRESENT = ClassUtils.isPresent("org.springframework.web.servlet.ViewResolver",
			ServletConfiguration.class.getClassLoader());

	private static final int SECURITY_ORDER = -100;

	/** Behind the filter that makes the request known to its thread. */
	private static final int DISTANCE_BEFORE_SECURITY = 1;

	private static final int DISTANCE_AFTER_SECURITY = 10;

	private final ServletProperties.Http properties;

	private final Environment environment;

	ServletConfiguration(ServletProperties properties, Environment environment) {
		this.properties = properties.http();
		this.environment = environment;
	}

	@Bean("io.ratelimit.servletServer")
	ServletServer rateLimitServletServer(ServletContext context, ListableBeanFactory beans,
			ObjectProvider<Supplier<ManagementPaths>> management) {
		return new ServletServer(context, beans, this.properties.principalFilterOrder() != null,
				Forwarding.of(this.environment, context.getServerInfo(), beans),
				() -> management.getIfAvailable(() -> () -> ManagementPaths.NONE).get());
	}

	@Bean("io.ratelimit.waiting")
	Waiting rateLimitWaiting(ServletContext context) {
		return WaitingThreads.of(this.properties, this.environment, context.getServerInfo());
	}

	@Bean("io.ratelimit.currentRequest")
	CurrentRequest rateLimitCurrentRequest(@Qualifier(CLIENT_ADDRESS) Function<LimitedRequest, String> addresses,
			RateLimitHeaders headers) {
		return new CurrentRequest(addresses, headers);
	}

	@Bean("io.ratelimit.requestCallContext")
	RequestCallContext rateLimitRequestCallContext(RequestRules rules, CurrentRequest request, Waiting waiting) {
		return new RequestCallContext(rules, request, waiting);
	}

	/**
	 * Returns what writes refusals where the application does not, and for it to delegate
	 * to.
	 */
	@Bean(value = "io.ratelimit.refusalHandler", defaultCandidate = false)
	RefusalHandler rateLimitRefusalHandler(ApplicationContext context) {
		RefusalHandler page = new RefusalPage();
		return new PeopleOrScripts(MVC_PRESENT ? new ErrorPages(context, page) : page);
	}

	@Bean("io.ratelimit.refusals")
	Refusals rateLimitRefusals(@Qualifier(CLIENT_ADDRESS) Function<LimitedRequest, String> addresses,
			RateLimitHeaders headers, ObjectProvider<RefusalHandler> handlers,
			@Qualifier("io.ratelimit.refusalHandler") RefusalHandler ours, RateLimits limits,
			@Qualifier("io.ratelimit.refusalStatus") Function<List<Decision>, Refusal> refusals,
			ListableBeanFactory beans) {
		return new Refusals(addresses, headers, RefusalHandlers.of(handlers, ours, limits),
				new CrossOrigin(OriginSources.of(beans)), refusals);
	}

	@Bean("io.ratelimit.requestGate")
	RequestGate rateLimitRequestGate(RequestRules rules, RateLimits limits,
			@Qualifier(CLIENT_ADDRESS) Function<LimitedRequest, String> addresses, RateLimitHeaders headers,
			Refusals refusals, Waiting waiting,
			@Qualifier("io.ratelimit.decisionText") BiFunction<List<Claim>, List<Decision>, List<String>> texts) {
		return new RequestGate(rules, limits, addresses, headers, refusals, waiting, new DecisionLines(texts));
	}

	@Bean("io.ratelimit.filter")
	FilterRegistrationBean<RateLimitFilter> rateLimitFilter(RequestGate gate, Refusals refusals) {
		return registration(new RateLimitFilter(FilterPlace.BEFORE_SECURITY, gate, refusals), "io.ratelimit.filter",
				order(this.properties.filterOrder(), -DISTANCE_BEFORE_SECURITY));
	}

	@Bean("io.ratelimit.principalFilter")
	FilterRegistrationBean<RateLimitFilter> principalRateLimitFilter(RequestGate gate, Refusals refusals) {
		return registration(new RateLimitFilter(FilterPlace.AFTER_SECURITY, gate, refusals),
				"io.ratelimit.principalFilter", order(this.properties.principalFilterOrder(), DISTANCE_AFTER_SECURITY));
	}

	private int order(@Nullable Integer configured, int distance) {
		return (configured != null) ? configured
				: this.environment.getProperty("spring.security.filter.order", Integer.class, SECURITY_ORDER)
						+ distance;
	}

	private static FilterRegistrationBean<RateLimitFilter> registration(RateLimitFilter filter, String name,
			int order) {
		FilterRegistrationBean<RateLimitFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setName(name);
		registration.setOrder(order);
		registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
		return registration;
	}

}
