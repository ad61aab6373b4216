package io.ratelimit.spring.autoconfigure;

import io.ratelimit.spring.observe.RateLimitsEndpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.core.Ordered;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;

/**
 * {@link AutoConfiguration} for the actuator endpoint.
 */
@AutoConfiguration(after = RateLimitAutoConfiguration.class)
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ WebEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(endpoint = RateLimitsEndpoint.class, exposure = EndpointExposure.WEB)
@ImportConfigurations({ "observe.EndpointConfiguration", "observe.ChangeBodyConfiguration" })
public final class RateLimitEndpointAutoConfiguration {

}
