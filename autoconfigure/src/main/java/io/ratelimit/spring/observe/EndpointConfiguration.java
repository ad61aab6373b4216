package io.ratelimit.spring.observe;

import java.time.InstantSource;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.LivePolicies;
import io.ratelimit.spring.request.RequestRules;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Configuration of the actuator endpoint.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EndpointProperties.class)
class EndpointConfiguration {

	static final EndpointId ID = EndpointId.of("ratelimits");

	@Bean("io.ratelimit.offenders")
	Offenders rateLimitOffenders(@Qualifier("io.ratelimit.ticker") Supplier<Ticker> ticker) {
		return new Offenders(ticker.get()::read);
	}

	@Bean("io.ratelimit.demand")
	RecentDemand rateLimitDemand(@Qualifier("io.ratelimit.ticker") Supplier<Ticker> ticker,
			EndpointAccessResolver access) {
		return new RecentDemand(ticker.get()::read, isWritable(access));
	}

	@Bean("io.ratelimit.endpointArguments")
	static EndpointArguments rateLimitEndpointArguments() {
		return new EndpointArguments();
	}

	@Bean("io.ratelimit.endpoint")
	RateLimitsEndpoint rateLimitsEndpoint(RateLimits registry, DecisionCounts counts, Offenders offenders,
			LivePolicies policies, @Qualifier("io.ratelimit.storeName") Supplier<String> store,
			EndpointProperties properties, EndpointAccessResolver access, ObjectProvider<RequestRules> rules,
			KeyNames names, RecentDemand demand, Environment environment) {
		RequestRules typed = rules.getIfAvailable();
		return new RateLimitsEndpoint(registry, counts, offenders, policies,
				new RateLimitsEndpoint.Settings(SingletonSupplier.of(() -> InstanceName.of(environment)), store.get(),
						isWritable(access), (typed != null) ? typed::typed : (policy, key) -> key,
						(security) -> properties.showKeys().isShown(security, properties.roles())),
				names, new GuardReports(registry, policies, typed),
				new Changes(policies, demand, InstantSource.system()));
	}

	private static boolean isWritable(EndpointAccessResolver access) {
		return access.accessFor(ID, Access.READ_ONLY) == Access.UNRESTRICTED;
	}

}
