package io.ratelimit.spring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.core.Ordered;
import org.springframework.context.annotation.Import;

/**
 * {@link AutoConfiguration} for what is limited wherever it is called from: policies, the
 * store that counts, and annotated methods.
 */
/*
 * Methods come first: they must be bound before what each policy limits is logged.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@Import(PropertiesConfiguration.class)
@ImportConfigurations({ "method.MethodConfiguration", "method.ProxyConfiguration", "method.AspectConfiguration",
		"policy.PolicyConfiguration", "policy.NoWebConfiguration", "store.StoreConfiguration",
		"observe.CountsConfiguration", "expression.ExpressionConfiguration", "web.reactive.ReactiveConfiguration",
		"request.AnswerConfiguration", "call.PlainCallConfiguration" })
public final class RateLimitAutoConfiguration {

}
