package io.ratelimit.spring.openapi;

import io.ratelimit.spring.request.RequestRules;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Paths;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;

import org.springframework.core.Ordered;

/**
 * Documents the refusals of operations whose paths are guarded, and what all refusals
 * have in common.
 */
final class LimitedPaths implements GlobalOpenApiCustomizer, Ordered {

	private final RequestRules rules;

	private final RefusalResponses responses;

	LimitedPaths(RequestRules rules, RefusalResponses responses) {
		this.rules = rules;
		this.responses = responses;
	}

	@Override
	public void customise(OpenAPI description) {
		Paths paths = description.getPaths();
		if (paths == null) {
			return;
		}
		paths.forEach((path, item) -> item.readOperationsMap()
			.forEach((method, operation) -> this.responses.addTo(operation, this.rules.refusing(path, method.name(),
					(other) -> paths.containsKey(other) && paths.get(other).readOperationsMap().containsKey(method)))));
		this.responses.addSchema(description);
	}

	/**
	 * Comes after those of the application.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
