package io.ratelimit.spring.autoconfigure;

import io.micrometer.observation.ObservationFilter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.core.Ordered;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;

/**
 * {@link AutoConfiguration} for meters, and for what the spans of requests say. Spring
 * Boot binds meters to the registries there are, and calls back where requests are
 * observed.
 */
@AutoConfiguration(after = RateLimitAutoConfiguration.class)
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(ObservationFilter.class)
@ImportConfigurations({ "observe.MeterConfiguration", "observe.SpanConfiguration" })
public final class RateLimitMetricsAutoConfiguration {

}
