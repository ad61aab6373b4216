package io.ratelimit.spring.observe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * The body of a change as it comes to Spring MVC. Spring Boot reads a body as a flat map
 * of texts, and answers without a reason where it is something else. So the body is read
 * here, with lists of limits, and what is wrong with it is left for
 * {@link EndpointArguments} to answer.
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ChangeBody extends RequestBodyAdviceAdapter {

	private static final int MOST_BYTES = 65_536;

	private static final String FIELDS = ChangeBody.class.getName() + ".fields";

	private static final String PROBLEM = ChangeBody.class.getName() + ".problem";

	private static final byte[] NOTHING = { '{', '}' };

	private final Supplier<@Nullable String> endpoint;

	/**
	 * Creates the advice.
	 * @param endpoint returns the path of the endpoint; {@code null} if it has none
	 */
	ChangeBody(Supplier<@Nullable String> endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Returns what is wrong with the body of a request.
	 * @return the problem, or {@code null} if there is none
	 */
	static @Nullable String problem(RequestAttributes request) {
		return (String) request.getAttribute(PROBLEM, RequestAttributes.SCOPE_REQUEST);
	}

	@Override
	public boolean supports(MethodParameter parameter, Type targetType,
			Class<? extends HttpMessageConverter<?>> converterType) {
		if (parameter.getParameterType() != Map.class) {
			return false;
		}
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		Object pattern = (request != null)
				? request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST)
				: null;
		String path = this.endpoint.get();
		return path != null && pattern != null && pattern.toString().equals(path + "/{resource}/{policy}");
	}

	@Override
	public HttpInputMessage beforeBodyRead(HttpInputMessage message, MethodParameter parameter, Type targetType,
			Class<? extends HttpMessageConverter<?>> converterType) throws IOException {
		RequestAttributes request = RequestContextHolder.currentRequestAttributes();
		try {
			Map<String, String> fields = fields(message.getBody().readNBytes(MOST_BYTES + 1));
			requireOneOfEach(fields, request);
			request.setAttribute(FIELDS, fields, RequestAttributes.SCOPE_REQUEST);
		}
		catch (IllegalArgumentException ex) {
			request.setAttribute(PROBLEM, String.valueOf(ex.getMessage()), RequestAttributes.SCOPE_REQUEST);
		}
		return new Nothing(message.getHeaders());
	}

	@Override
	public Object afterBodyRead(Object body, HttpInputMessage message, MethodParameter parameter, Type targetType,
			Class<? extends HttpMessageConverter<?>> converterType) {
		Object fields = RequestContextHolder.currentRequestAttributes()
			.getAttribute(FIELDS, RequestAttributes.SCOPE_REQUEST);
		return (fields != null) ? fields : body;
	}

	private static Map<String, String> fields(byte[] body) {
		if (body.length > MOST_BYTES) {
			throw new IllegalArgumentException("the body has more than %s bytes".formatted(MOST_BYTES));
		}
		Map<String, String> fields = new TreeMap<>();
		parse(new String(body, StandardCharsets.UTF_8)).forEach((name, value) -> {
			if (value != null) {
				fields.put(name, text(name, value));
			}
		});
		return fields;
	}

	private static Map<String, @Nullable Object> parse(String body) {
		@Nullable Map<String, @Nullable Object> fields;
		try {
			fields = JsonParserFactory.getJsonParser().parseMap(body);
		}
		catch (JsonParseException ex) {
			fields = null;
		}
		if (fields == null) {
			throw new IllegalArgumentException(
					"the body is not a JSON object: write {\"limits\": \"100/1m\"}, {\"mode\": \"shadow\"}, or both in one");
		}
		return fields;
	}

	/**
	 * Returns a value as text. Names that are not known are refused later.
	 */
	private static String text(String name, Object value) {
		if (name.equals("limits") && value instanceof List<?> limits) {
			if (limits.isEmpty()) {
				throw new IllegalArgumentException("a list of no limits: give at least one, such as 100/1m");
			}
			if (limits.stream().allMatch(String.class::isInstance)) {
				return String.join(", ", limits.stream().map(String.class::cast).toList());
			}
		}
		if (value instanceof List || value instanceof Map) {
			if (name.equals("limits")) {
				throw new IllegalArgumentException("'limits' is neither text nor a list of texts: write each limit in "
						+ "one line, such as 100/1m or 50/1s token-bucket burst 200");
			}
			if (name.equals("mode")) {
				throw new IllegalArgumentException("'mode' is not text: write enforce, shadow or off");
			}
		}
		return value.toString();
	}

	private static void requireOneOfEach(Map<String, String> fields, RequestAttributes attributes) {
		if (attributes instanceof ServletRequestAttributes servlet) {
			HttpServletRequest request = servlet.getRequest();
			for (String name : fields.keySet()) {
				if (request.getParameter(name) != null) {
					throw new IllegalArgumentException(
							"'%s' is both in the query and in the body: give it once".formatted(name));
				}
			}
		}
	}

	/**
	 * Stands for a body that has been read.
	 */
	private record Nothing(HttpHeaders headers) implements HttpInputMessage {

		@Override
		public InputStream getBody() {
			return new ByteArrayInputStream(NOTHING);
		}

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

	}

}
