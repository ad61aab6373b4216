package io.ratelimit.spring.observe;

import java.util.Objects;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * The operators' page, below the actuator endpoint, on whichever port that is.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnAvailableEndpoint(endpoint = RateLimitsEndpoint.class, exposure = EndpointExposure.WEB)
@ConditionalOnProperty("management.endpoint.ratelimits.console.enabled")
final class ConsoleConfiguration {

	/** Before the endpoint, which takes any two segments of a path. */
	private static final int ORDER = -110;

	@Bean("io.ratelimit.consoleMapping")
	SimpleUrlHandlerMapping rateLimitConsoleMapping(PathMappedEndpoints endpoints) {
		String endpoint = Objects.requireNonNull(endpoints.getPath(EndpointConfiguration.ID));
		return new SimpleUrlHandlerMapping(Console.below(endpoint), ORDER);
	}

}
