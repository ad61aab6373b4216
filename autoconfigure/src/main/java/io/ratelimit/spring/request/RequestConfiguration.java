package io.ratelimit.spring.request;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.ratelimit.LimitResolver;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.LivePolicies;
import io.ratelimit.spring.request.RequestProperties.ForwardingHeader;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the rules by which policies guard requests.
 */
@Configuration(proxyBeanMethods = false)
class RequestConfiguration {

	/** Name of the store that counts in this process. */
	private static final String IN_PROCESS = "caffeine";

	private static final int IPV6_SUBNET = 48;

	private final RequestProperties properties;

	RequestConfiguration(RequestProperties properties) {
		this.properties = properties;
	}

	@Bean("io.ratelimit.clientAddress")
	ClientAddress rateLimitClientAddress() {
		RequestProperties.Http http = this.properties.http();
		Subnet network = client(http);
		try {
			return new ClientAddress(http.trustedProxies(), http.forwardedHeader() == ForwardingHeader.FORWARDED,
					network);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.http.trusted-proxies", String.valueOf(ex.getMessage()),
					"Correct the range.");
		}
	}

	@Bean("io.ratelimit.keyHash")
	KeyHash rateLimitKeyHash(@Qualifier("io.ratelimit.storeName") Supplier<String> store, ListableBeanFactory beans) {
		boolean plans = beans.getBeanNamesForType(LimitResolver.class, true, false).length > 0;
		return new KeyHash(KeySecret.of(this.properties.keySecret(), store.get().equals(IN_PROCESS)), plans);
	}

	@Bean(value = "io.ratelimit.originalKeys", defaultCandidate = false)
	UnaryOperator<String> rateLimitOriginalKeys(KeyHash hash) {
		return hash::original;
	}

	@Bean("io.ratelimit.requestRules")
	RequestRules rateLimitRequestRules(KeyHash hash, RequestServer server, Expressions expressions, RateLimits limits,
			LivePolicies policies, ListableBeanFactory beans) {
		RequestProperties.Http http = this.properties.http();
		boolean unread = http.trustedProxies().isEmpty() && !server.readsForwarding();
		KeySettings settings = new KeySettings(hash, http.foldPrincipals(), client(http), subnet(http), unread,
				server.requestType());
		RequestRules rules = new RequestRules(
				new RuleReader(settings, expressions, keyResolvers(beans), server::isPreflight), server, limits);
		policies.begin(rules);
		return rules;
	}

	@Bean("io.ratelimit.requestNotes")
	RequestNotes rateLimitRequestNotes(RequestRules rules, RequestServer server) {
		return new RequestNotes(rules, this.properties.http().trustedProxies(), server);
	}

	@Bean("io.ratelimit.pathStart")
	PathStart rateLimitPathStart(RequestRules rules, RequestServer server, LivePolicies policies, RequestNotes notes) {
		return new PathStart(rules, server, policies, notes);
	}

	private static Subnet client(RequestProperties.Http http) {
		if (http.ipv6Prefix() < 1 || http.ipv6Prefix() > 128) {
			throw new InvalidRateLimitException("ratelimit.http.ipv6-prefix",
					"a prefix of %s bits".formatted(http.ipv6Prefix()),
					"Use 1 to 128; 64 is what a client is given, as a rule.");
		}
		return new Subnet(Integer.SIZE, http.ipv6Prefix());
	}

	private static Subnet subnet(RequestProperties.Http http) {
		if (http.ipv4Subnet() < 1 || http.ipv4Subnet() > 32) {
			throw new InvalidRateLimitException("ratelimit.http.ipv4-subnet",
					"a subnet of %s bits".formatted(http.ipv4Subnet()), "Use 1 to 32; 24 is the least that is routed.");
		}
		int most = http.ipv6Prefix();
		int ipv6 = (http.ipv6Subnet() != null) ? http.ipv6Subnet() : Math.min(IPV6_SUBNET, most);
		if (ipv6 < 1 || ipv6 > most) {
			throw new InvalidRateLimitException("ratelimit.http.ipv6-subnet",
					"a subnet of %s bits, where a client has %s (ratelimit.http.ipv6-prefix)".formatted(ipv6, most),
					"Use 1 to %s; 48 is what a site is given, as a rule.".formatted(most));
		}
		return new Subnet(http.ipv4Subnet(), ipv6);
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

}
