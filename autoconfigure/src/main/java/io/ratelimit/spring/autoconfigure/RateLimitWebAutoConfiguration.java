package io.ratelimit.spring.autoconfigure;

import jakarta.servlet.Filter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.core.Ordered;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;

/**
 * {@link AutoConfiguration} for limits on HTTP requests.
 */
@AutoConfiguration(before = RateLimitAutoConfiguration.class)
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ImportConfigurations({ "request.RequestConfiguration", "web.servlet.ServletConfiguration",
		"web.servlet.MvcConfiguration", "web.servlet.EndpointPaths", "method.ServletContextsConfiguration",
		"openapi.OpenApiConfiguration" })
public final class RateLimitWebAutoConfiguration {

}
