package io.ratelimit.spring.observe;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Refuses requests to the endpoint with fields that it does not know or that are given
 * more than once. An operation itself sees only the fields that it declares, and a list
 * as one text.
 */
final class EndpointArguments implements OperationInvokerAdvisor {

	/*
	 * Spring Boot puts path, body and query into one map, in this order, so that a query
	 * could replace what stands in the path. Spring MVC keeps the path here.
	 */
	private static final String PATH = "org.springframework.web.servlet.HandlerMapping.uriTemplateVariables";

	/** A longer name is cut in messages, and not looked at. */
	private static final int MOST_LETTERS = 40;

	@Override
	public OperationInvoker apply(EndpointId endpoint, OperationType type, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!endpoint.equals(EndpointConfiguration.ID)) {
			return invoker;
		}
		List<String> path = names(parameters, (parameter) -> parameter.getAnnotation(Selector.class) != null);
		List<String> fields = names(parameters, (parameter) -> parameter.getType() == String.class).stream()
			.filter((name) -> !path.contains(name))
			.toList();
		return (context) -> {
			String problem = problem(path, fields, context.getArguments());
			return (problem != null) ? Problem.badRequest(problem) : invoker.invoke(context);
		};
	}

	private static List<String> names(OperationParameters parameters, Predicate<OperationParameter> predicate) {
		return parameters.stream().filter(predicate).map(OperationParameter::getName).toList();
	}

	private static @Nullable String problem(List<String> path, List<String> fields, Map<String, Object> arguments) {
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		String unreadable = (request != null) ? ChangeBody.problem(request) : null;
		if (unreadable != null) {
			return unreadable;
		}
		for (Map.Entry<String, Object> argument : arguments.entrySet()) {
			String name = argument.getKey();
			boolean known = path.contains(name) ? isOfPath(name, argument.getValue(), request) : fields.contains(name);
			if (!known) {
				return unknown(name, fields);
			}
			if (argument.getValue() instanceof Collection<?> values) {
				return "'%s' is given %s times: give it once".formatted(name, values.size());
			}
		}
		return null;
	}

	private static boolean isOfPath(String name, Object value, @Nullable RequestAttributes request) {
		Object path = (request != null) ? request.getAttribute(PATH, RequestAttributes.SCOPE_REQUEST) : null;
		return value instanceof String && (!(path instanceof Map<?, ?> variables) || value.equals(variables.get(name)));
	}

	private static String unknown(String name, List<String> fields) {
		String written = (name.length() <= MOST_LETTERS) ? name : name.substring(0, MOST_LETTERS) + "…";
		if (fields.isEmpty()) {
			return "'%s' is not known here: nothing is".formatted(written);
		}
		return "'%s' is not known here: known are %s".formatted(written, String.join(", ", fields));
	}

}
