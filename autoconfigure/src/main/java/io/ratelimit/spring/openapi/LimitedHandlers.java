package io.ratelimit.spring.openapi;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.BiFunction;

import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.swagger.v3.oas.models.Operation;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.core.Ordered;
import org.springframework.web.method.HandlerMethod;

/**
 * Documents the refusals of annotated handlers.
 */
final class LimitedHandlers implements GlobalOperationCustomizer, Ordered {

	private final BiFunction<Method, Class<?>, List<Policy>> policies;

	private final RefusalResponses responses;

	/**
	 * Creates a customizer.
	 * @param policies the policies of a method, by it and the class of its bean
	 */
	LimitedHandlers(BiFunction<Method, Class<?>, List<Policy>> policies, RefusalResponses responses) {
		this.policies = policies;
		this.responses = responses;
	}

	@Override
	public Operation customize(Operation operation, HandlerMethod handler) {
		this.responses.addTo(operation,
				this.policies.apply(handler.getMethod(), handler.getBeanType())
					.stream()
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
