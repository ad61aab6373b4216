package io.ratelimit.spring.autoconfigure;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.function.Function;

import io.ratelimit.RateLimiterRegistry;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.ForwardingHeader;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.method.CallContext;
import io.ratelimit.spring.web.ClientAddress;
import io.ratelimit.spring.web.DelayedRequestMapping;
import io.ratelimit.spring.web.FilterPlace;
import io.ratelimit.spring.web.KeyResolver;
import io.ratelimit.spring.web.ProblemRefusalHandler;
import io.ratelimit.spring.web.RateLimitExceptionResolver;
import io.ratelimit.spring.web.RateLimitFilter;
import io.ratelimit.spring.web.RateLimitHeaders;
import io.ratelimit.spring.web.RefusalHandler;
import io.ratelimit.spring.web.Refusals;
import io.ratelimit.spring.web.RequestRules;
import jakarta.servlet.DispatcherType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * {@link AutoConfiguration} for limits on HTTP requests.
 */
@AutoConfiguration(before = RateLimitAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(RateLimitFilter.class)
public final class RateLimitWebAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RateLimitWebAutoConfiguration.class);

	private static final String SECURITY_FILTER = "springSecurityFilterChain";

	private static final int SECURITY_ORDER = -100;

	private static final int DISTANCE = 10;

	@Bean("io.ratelimit.ruledRequests")
	RuledRequests rateLimitRuledRequests(RateLimitProperties properties, Expressions expressions,
			ListableBeanFactory beans) {
		return new RuledRequests(clientAddress(properties.http()), expressions, keyResolvers(beans),
				() -> authenticates(beans));
	}

	@Bean("io.ratelimit.requestRules")
	RequestRules rateLimitRequestRules(RuledRequests requests, PolicySet policies, RateLimiterRegistry registry,
			Environment environment) {
		requests.prepare(policies, registry::limiter).run();
		warnOfForgedAddresses(requests.rules(), environment);
		return requests.rules();
	}

	@Bean("io.ratelimit.headers")
	@ConditionalOnMissingBean
	RateLimitHeaders rateLimitHeaders(RateLimitProperties properties) {
		RateLimitProperties.Http http = properties.http();
		return http.headers().headers(InstantSource.system(), http.xReset(), http.shadowHeaders());
	}

	@Bean("io.ratelimit.refusalHandler")
	@ConditionalOnMissingBean
	RefusalHandler rateLimitRefusalHandler() {
		return new ProblemRefusalHandler();
	}

	@Bean("io.ratelimit.refusals")
	Refusals rateLimitRefusals(RateLimiterRegistry registry, RateLimitHeaders headers, RefusalHandler handler,
			RateLimitProperties properties) {
		int status = properties.http().status();
		if (status < 400 || status > 599) {
			throw new InvalidRateLimitException("ratelimit.http.status",
					"%d is no status of an error".formatted(status), "Use 429, or any other from 400 to 599.");
		}
		return new Refusals(registry, headers, handler, status);
	}

	@Bean("io.ratelimit.filter")
	FilterRegistrationBean<RateLimitFilter> rateLimitFilter(RequestRules rules, RateLimiterRegistry registry,
			RateLimitHeaders headers, Refusals refusals, RateLimitProperties properties, Environment environment) {
		Integer order = properties.http().filterOrder();
		return registration(new RateLimitFilter(FilterPlace.BEFORE_SECURITY, rules, registry, headers, refusals),
				"io.ratelimit.filter", (order != null) ? order : securityOrder(environment) - DISTANCE);
	}

	@Bean("io.ratelimit.principalFilter")
	FilterRegistrationBean<RateLimitFilter> principalRateLimitFilter(RequestRules rules, RateLimiterRegistry registry,
			RateLimitHeaders headers, Refusals refusals, Environment environment) {
		return registration(new RateLimitFilter(FilterPlace.AFTER_SECURITY, rules, registry, headers, refusals),
				"io.ratelimit.principalFilter", securityOrder(environment) + DISTANCE);
	}

	@Bean("io.ratelimit.requestCallContext")
	CallContext rateLimitRequestCallContext(RequestRules rules, ConfiguredPolicies configured,
			ObjectProvider<RateLimiterRegistry> registry, RateLimitHeaders headers, ListableBeanFactory beans) {
		return new RequestCallContext(rules, configured, registry::getObject, headers, () -> authenticates(beans));
	}

	private static ClientAddress clientAddress(RateLimitProperties.Http http) {
		if (http.ipv6Prefix() < 1 || http.ipv6Prefix() > 128) {
			throw new InvalidRateLimitException("ratelimit.http.ipv6-prefix",
					"a prefix of %d bits".formatted(http.ipv6Prefix()),
					"Use 1 to 128; 64 is what a client is given, as a rule.");
		}
		try {
			return new ClientAddress(http.trustedProxies(), http.forwardedHeader() == ForwardingHeader.FORWARDED,
					http.ipv6Prefix());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.http.trusted-proxies", String.valueOf(ex.getMessage()),
					"Correct the range.");
		}
	}

	private static Function<String, KeyResolver> keyResolvers(ListableBeanFactory beans) {
		return (name) -> {
			if (!beans.containsBean(name) || !beans.isTypeMatch(name, KeyResolver.class)) {
				throw new IllegalArgumentException("there is no KeyResolver bean '%s': those there are: %s"
					.formatted(name, Arrays.toString(beans.getBeanNamesForType(KeyResolver.class))));
			}
			return beans.getBean(name, KeyResolver.class);
		};
	}

	private static boolean authenticates(ListableBeanFactory beans) {
		return beans.containsBean(SECURITY_FILTER);
	}

	private static int securityOrder(Environment environment) {
		return environment.getProperty("spring.security.filter.order", Integer.class, SECURITY_ORDER);
	}

	private static FilterRegistrationBean<RateLimitFilter> registration(RateLimitFilter filter, String name,
			int order) {
		FilterRegistrationBean<RateLimitFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setName(name);
		registration.setOrder(order);
		registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
		return registration;
	}

	private static void warnOfForgedAddresses(RequestRules rules, Environment environment) {
		String strategy = environment.getProperty("server.forward-headers-strategy", "");
		if (strategy.equalsIgnoreCase("framework") && rules.useAddresses()) {
			logger.warn("server.forward-headers-strategy is 'framework', which believes the first address in a header "
					+ "that any client can write: limits by ip can be walked past. Set it to 'native', or to 'none' "
					+ "with ratelimit.http.trusted-proxies");
		}
	}

	/**
	 * What takes Spring MVC.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DispatcherServlet.class)
	static class MvcConfiguration {

		@Bean("io.ratelimit.exceptionResolver")
		RateLimitExceptionResolver rateLimitExceptionResolver(Refusals refusals) {
			return new RateLimitExceptionResolver(refusals);
		}

		@Bean("io.ratelimit.delayedRequestMapping")
		DelayedRequestMapping rateLimitDelayedRequestMapping() {
			return new DelayedRequestMapping();
		}

	}

}
