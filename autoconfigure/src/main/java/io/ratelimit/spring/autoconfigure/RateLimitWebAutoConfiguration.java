package io.ratelimit.spring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ratelimit.LimitResolver;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.ForwardingHeader;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.request.ClientAddress;
import io.ratelimit.spring.request.KeyHash;
import io.ratelimit.spring.request.KeyResolver;
import io.ratelimit.spring.request.KeySettings;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.RefusalHandler;
import io.ratelimit.spring.request.RequestRules;
import io.ratelimit.spring.web.servlet.CurrentRequest;
import io.ratelimit.spring.web.servlet.ServletConfiguration;
import io.ratelimit.spring.web.servlet.ServletSettings;
import io.ratelimit.spring.web.servlet.Waiting;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * {@link AutoConfiguration} for limits on HTTP requests.
 */
@AutoConfiguration(before = RateLimitAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@Import({ RateLimitEndpointPaths.class, ServletConfiguration.class })
public final class RateLimitWebAutoConfiguration {

	private static final String SECURITY_FILTER = "springSecurityFilterChain";

	private static final int SECURITY_ORDER = -100;

	/** Behind the filter that makes the request known to its thread. */
	private static final int DISTANCE_BEFORE_SECURITY = 1;

	private static final int DISTANCE_AFTER_SECURITY = 10;

	private static final int SHORTEST_SECRET = 16;

	private static final byte[] NO_SECRET = "ratelimit".getBytes(StandardCharsets.UTF_8);

	@Bean("io.ratelimit.clientAddress")
	ClientAddress rateLimitClientAddress(RateLimitProperties properties) {
		return clientAddress(properties.http());
	}

	@Bean("io.ratelimit.keyHash")
	KeyHash rateLimitKeyHash(RateLimitProperties properties, RateLimitStore store, ListableBeanFactory beans) {
		boolean plans = beans.getBeanNamesForType(LimitResolver.class, true, false).length > 0;
		return keyHash(properties.keySecret(), store, plans);
	}

	@Bean("io.ratelimit.ruledRequests")
	RuledRequests rateLimitRuledRequests(RateLimitProperties properties, KeyHash keyHash, Expressions expressions,
			ListableBeanFactory beans, Environment environment, ServletContext servletContext) {
		RateLimitProperties.Http http = properties.http();
		boolean unread = http.trustedProxies().isEmpty()
				&& Forwarding.of(environment, servletContext.getServerInfo(), beans) == Forwarding.NONE;
		KeySettings settings = new KeySettings(keyHash, http.foldPrincipals(), unread, HttpServletRequest.class);
		return new RuledRequests(settings, expressions, keyResolvers(beans), () -> authenticates(beans, http),
				ServletConfiguration.preflights(beans));
	}

	@Bean("io.ratelimit.requestRules")
	RequestRules rateLimitRequestRules(RuledRequests requests, PolicySet policies, RateLimits registry) {
		requests.prepare(policies).accept(registry::limiter);
		return requests.rules();
	}

	@Bean("io.ratelimit.typedKeys")
	TypedKeys rateLimitTypedKeys(RequestRules rules) {
		return rules::typed;
	}

	@Bean("io.ratelimit.requestNotes")
	RequestNotes rateLimitRequestNotes(RequestRules rules, RateLimitProperties properties, Environment environment,
			ServletContext servletContext, ListableBeanFactory beans) {
		return new RequestNotes(rules, properties.http(),
				Forwarding.of(environment, servletContext.getServerInfo(), beans), servletContext.getContextPath());
	}

	@Bean("io.ratelimit.pathStart")
	PathStart rateLimitPathStart(RuledRequests requests, LivePolicies policies, RateLimits registry, RequestNotes notes,
			ListableBeanFactory beans, ObjectProvider<Supplier<ManagementPaths>> management,
			ServletContext servletContext) {
		return new PathStart(requests, policies, registry, notes, beans,
				management.getIfAvailable(() -> () -> ManagementPaths.NONE), servletContext);
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
		return RefusalHandler.problemDetails();
	}

	@Bean("io.ratelimit.servletSettings")
	ServletSettings rateLimitServletSettings(RateLimitProperties properties, Environment environment) {
		RateLimitProperties.Http http = properties.http();
		int security = environment.getProperty("spring.security.filter.order", Integer.class, SECURITY_ORDER);
		return new ServletSettings(RefusalStatus.of(http),
				Objects.requireNonNullElse(http.filterOrder(), security - DISTANCE_BEFORE_SECURITY),
				Objects.requireNonNullElse(http.principalFilterOrder(), security + DISTANCE_AFTER_SECURITY));
	}

	@Bean("io.ratelimit.waiting")
	Waiting rateLimitWaiting(RateLimitProperties properties, Environment environment, ServletContext servletContext) {
		return WaitingThreads.of(properties.http(), environment, servletContext.getServerInfo());
	}

	@Bean("io.ratelimit.requestCallContext")
	RequestCallContext rateLimitRequestCallContext(RequestRules rules, ConfiguredPolicies configured,
			ObjectProvider<RateLimits> registry, CurrentRequest request, RateLimitProperties properties,
			Waiting waiting, ListableBeanFactory beans) {
		return new RequestCallContext(rules, configured, registry::getObject, request,
				() -> authenticates(beans, properties.http()), waiting);
	}

	private static ClientAddress clientAddress(RateLimitProperties.Http http) {
		if (http.ipv6Prefix() < 1 || http.ipv6Prefix() > 128) {
			throw new InvalidRateLimitException("ratelimit.http.ipv6-prefix",
					"a prefix of %s bits".formatted(http.ipv6Prefix()),
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

	/**
	 * Returns what stands in for secrets. Counts of this process need no secret that
	 * others know; those in a shared store do, or go without.
	 */
	private static KeyHash keyHash(@Nullable String secret, RateLimitStore store, boolean remembers) {
		if (secret != null && secret.length() < SHORTEST_SECRET) {
			throw new InvalidRateLimitException("ratelimit.key-secret",
					"a secret of %s characters can be guessed".formatted(secret.length()),
					"Use at least %s characters, made at random.".formatted(SHORTEST_SECRET));
		}
		if (secret != null) {
			return new KeyHash(secret.getBytes(StandardCharsets.UTF_8), remembers);
		}
		if (!(store instanceof CaffeineRateLimitStore)) {
			return new KeyHash(NO_SECRET, remembers);
		}
		byte[] random = new byte[32];
		new SecureRandom().nextBytes(random);
		return new KeyHash(random, remembers);
	}

	private static boolean authenticates(ListableBeanFactory beans, RateLimitProperties.Http http) {
		return http.principalFilterOrder() != null || beans.containsBean(SECURITY_FILTER);
	}

	/**
	 * What takes Spring MVC.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DispatcherServlet.class)
	static class MvcConfiguration {

		@Bean("io.ratelimit.servletContexts")
		static ServletContexts rateLimitServletContexts(ObjectProvider<OtherContexts> contexts) {
			return new ServletContexts(contexts::getObject);
		}

	}

}
