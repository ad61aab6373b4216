package io.ratelimit.spring.web.reactive;

import java.util.List;
import java.util.function.Function;

import io.ratelimit.Decision;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.policy.LivePolicies;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.Refusal;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Configuration of applications of WebFlux.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({ WebExceptionHandler.class, Mono.class })
class ReactiveConfiguration {

	@Bean("io.ratelimit.unguardedRequests")
	UnguardedRequests rateLimitUnguardedRequests(LivePolicies policies) {
		UnguardedRequests requests = new UnguardedRequests();
		policies.begin(requests);
		return requests;
	}

	@Bean("io.ratelimit.reactiveCallContext")
	CallContext rateLimitReactiveCallContext(LivePolicies policies) {
		return new ReactiveCallContext(policies);
	}

	@Bean("io.ratelimit.refusedExchanges")
	RefusedExchanges rateLimitRefusedExchanges(RateLimitHeaders headers,
			@Qualifier("io.ratelimit.refusalStatus") Function<List<Decision>, Refusal> refusals) {
		return new RefusedExchanges(new RefusalMessages(headers, refusals));
	}

}
