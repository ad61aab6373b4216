package io.ratelimit.spring.autoconfigure;

import io.ratelimit.spring.method.CallContext;
import io.ratelimit.spring.request.RefusalMessages;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.server.WebExceptionHandler;

/**
 * {@link AutoConfiguration} for applications of WebFlux, whose methods can be limited.
 */
@AutoConfiguration(before = RateLimitAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({ WebExceptionHandler.class, Mono.class })
public final class RateLimitReactiveAutoConfiguration {

	@Bean("io.ratelimit.reactiveCallContext")
	CallContext rateLimitReactiveCallContext(ConfiguredPolicies configured) {
		return new ReactiveCallContext(configured);
	}

	@Bean("io.ratelimit.refusedExchanges")
	RefusedExchanges rateLimitRefusedExchanges(RateLimitProperties properties) {
		RateLimitProperties.Http http = properties.http();
		return new RefusedExchanges(
				new RefusalMessages(http.headers(), http.xReset(), http.shadowHeaders(), RefusalStatus.of(http)));
	}

}
