package io.ratelimit.spring.observe;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.invoke.reflect.OperationMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The arguments of operations, as any of Spring Boot's web stacks hands them over.
 */
class EndpointArgumentsTests {

	private final List<Map<String, Object>> invoked = new ArrayList<>();

	@Test
	void whatIsKnownIsHandedOn() {
		assertThat(invoke("ratelimits", Map.of("resource", "policies", "policy", "api", "mode", "off"))).isNull();
		assertThat(this.invoked).hasSize(1);
	}

	@Test
	void whatIsNotKnownIsRefusedBesideTheParametersThatAreNoFields() {
		assertThat(invoke("ratelimits", Map.of("resource", "policies", "policy", "api", "mdoe", "off")))
			.isEqualTo("'mdoe' is not known here: known are limits, mode");
		assertThat(invoke("ratelimits", Map.of("resource", "policies", "policy", "api", "security", "x")))
			.isEqualTo("'security' is not known here: known are limits, mode");
		assertThat(this.invoked).isEmpty();
	}

	@Test
	void whatIsGivenSeveralTimesIsRefused() {
		assertThat(invoke("ratelimits", Map.of("resource", "policies", "policy", "api", "mode", List.of("a", "b"))))
			.isEqualTo("'mode' is given 2 times: give it once");
		assertThat(invoke("ratelimits", Map.of("resource", "policies", "policy", List.of("api", "b"), "mode", "off")))
			.isEqualTo("'policy' is not known here: known are limits, mode");
		assertThat(this.invoked).isEmpty();
	}

	@Test
	void aLongNameIsCutAndNotMeasured() {
		assertThat(invoke("ratelimits", Map.of("resource", "policies", "policy", "api", "m".repeat(100_000), "off")))
			.asString()
			.hasSizeLessThan(120);
	}

	@Test
	void otherEndpointsAreLeftAlone() {
		assertThat(invoke("health", Map.of("mdoe", "off"))).isNull();
		assertThat(this.invoked).hasSize(1);
	}

	private Object invoke(String endpoint, Map<String, Object> arguments) {
		OperationInvoker invoker = new EndpointArguments().apply(EndpointId.of(endpoint), OperationType.WRITE,
				parameters(), (context) -> {
					this.invoked.add(context.getArguments());
					return null;
				});
		Object answer = invoker.invoke(new InvocationContext(SecurityContext.NONE, arguments));
		return (answer instanceof WebEndpointResponse<?> response && response.getBody() instanceof Problem problem)
				? problem.detail() : answer;
	}

	private static OperationParameters parameters() {
		for (Method method : RateLimitsEndpoint.class.getMethods()) {
			if (method.getName().equals("change")) {
				return new OperationMethod(method, OperationType.WRITE).getParameters();
			}
		}
		throw new IllegalStateException("no such operation");
	}

}
