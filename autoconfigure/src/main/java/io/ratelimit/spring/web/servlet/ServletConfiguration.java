package io.ratelimit.spring.web.servlet;

import java.util.EnumSet;
import java.util.function.Predicate;

import io.ratelimit.RateLimits;
import io.ratelimit.spring.request.ClientAddress;
import io.ratelimit.spring.request.FilterPlace;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.RefusalHandler;
import io.ratelimit.spring.request.RequestRules;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * Configuration of the filters, and of what answers refusals, in servlet applications.
 */
@Configuration(proxyBeanMethods = false)
public final class ServletConfiguration {

	/**
	 * Returns what distinguishes preflights from requests that merely look like one.
	 * @param beans the beans of the application
	 * @return whether a request is answered as a CORS preflight
	 */
	public static Predicate<LimitedRequest> preflights(ListableBeanFactory beans) {
		return OriginSources.preflights(beans);
	}

	/**
	 * Marks the server of the application, so that another one can be told from it that
	 * is there for management endpoints.
	 * @param context the context of the application's own servlets
	 */
	public static void markOwnServer(ServletContext context) {
		ServletPath.markOwnServer(context);
	}

	@Bean("io.ratelimit.currentRequest")
	CurrentRequest rateLimitCurrentRequest(ClientAddress addresses, RateLimitHeaders headers) {
		return new CurrentRequest(addresses, headers);
	}

	@Bean("io.ratelimit.refusals")
	Refusals rateLimitRefusals(ClientAddress addresses, RateLimitHeaders headers, RefusalHandler handler,
			ServletSettings settings, ListableBeanFactory beans) {
		return new Refusals(addresses, headers, handler, new CrossOrigin(OriginSources.of(beans)), settings.status());
	}

	@Bean("io.ratelimit.requestGate")
	RequestGate rateLimitRequestGate(RequestRules rules, RateLimits registry, ClientAddress addresses,
			RateLimitHeaders headers, Refusals refusals, Waiting waiting) {
		return new RequestGate(rules, registry, addresses, headers, refusals, waiting);
	}

	@Bean("io.ratelimit.filter")
	FilterRegistrationBean<RateLimitFilter> rateLimitFilter(RequestGate gate, Refusals refusals,
			ServletSettings settings) {
		return registration(new RateLimitFilter(FilterPlace.BEFORE_SECURITY, gate, refusals), "io.ratelimit.filter",
				settings.filterOrder());
	}

	@Bean("io.ratelimit.principalFilter")
	FilterRegistrationBean<RateLimitFilter> principalRateLimitFilter(RequestGate gate, Refusals refusals,
			ServletSettings settings) {
		return registration(new RateLimitFilter(FilterPlace.AFTER_SECURITY, gate, refusals),
				"io.ratelimit.principalFilter", settings.principalFilterOrder());
	}

	private static FilterRegistrationBean<RateLimitFilter> registration(RateLimitFilter filter, String name,
			int order) {
		FilterRegistrationBean<RateLimitFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setName(name);
		registration.setOrder(order);
		registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
		return registration;
	}

	/**
	 * What takes Spring MVC.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DispatcherServlet.class)
	static class MvcConfiguration {

		@Bean("io.ratelimit.exceptionResolver")
		RateLimitExceptionResolver rateLimitExceptionResolver(Refusals refusals,
				ObjectProvider<HandlerExceptionResolver> resolvers) {
			return new RateLimitExceptionResolver(refusals, resolvers::orderedStream);
		}

		@Bean("io.ratelimit.lastLook")
		MappedInterceptor rateLimitLastLook(RequestGate gate) {
			return new MappedInterceptor(null, new LastLook(gate));
		}

		@Bean("io.ratelimit.delayedRequestMapping")
		DelayedRequestMapping rateLimitDelayedRequestMapping() {
			return new DelayedRequestMapping();
		}

	}

}
