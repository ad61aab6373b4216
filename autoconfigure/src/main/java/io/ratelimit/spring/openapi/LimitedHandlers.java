package io.ratelimit.spring.openapi;

import io.ratelimit.Mode;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.LivePolicies;
import io.swagger.v3.oas.models.Operation;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.core.Ordered;
import org.springframework.web.method.HandlerMethod;

/**
 * Documents the refusals of annotated handlers.
 */
final class LimitedHandlers implements GlobalOperationCustomizer, Ordered {

	private final LivePolicies policies;

	private final RateLimits limits;

	private final RefusalResponses responses;

	LimitedHandlers(LivePolicies policies, RateLimits limits, RefusalResponses responses) {
		this.policies = policies;
		this.limits = limits;
		this.responses = responses;
	}

	@Override
	public Operation customize(Operation operation, HandlerMethod handler) {
		this.responses.addTo(operation,
				this.policies.limiting(handler.getMethod(), handler.getBeanType())
					.stream()
					.map((name) -> this.limits.limiter(name).policy())
					.filter((policy) -> policy.mode() == Mode.ENFORCE)
					.toList());
		return operation;
	}

	/**
	 * Comes after those of the application.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
