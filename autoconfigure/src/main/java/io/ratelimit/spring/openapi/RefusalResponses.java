package io.ratelimit.spring.openapi;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

import io.ratelimit.Decision;
import io.ratelimit.FailureMode;
import io.ratelimit.Policy;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.Refusal;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The responses of refusals, as they are documented. Status and header fields are those
 * of a refusal that is made up for the purpose.
 */
final class RefusalResponses {

	private static final Logger logger = LoggerFactory.getLogger(RefusalResponses.class);

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private static final String SCHEMA = "RateLimitProblem";

	private static final String PROBLEM = "application/problem+json";

	private static final String TEXT = "string";

	private static final String NUMBER = "integer";

	private static final String RETRY_AFTER = "Retry-After";

	private static final Map<String, String> MEANINGS = Map.of(RETRY_AFTER,
			"Seconds to wait; missing if waiting is of no use", "RateLimit",
			"What is left of the limits that bind, and the seconds until there is more", "RateLimit-Policy",
			"Limits that apply, with their quotas and windows in seconds", "RateLimit-Limit",
			"Quota of the limit that binds", "RateLimit-Remaining", "What is left of it", "RateLimit-Reset",
			"Seconds until there is more", "X-RateLimit-Limit", "Quota of the limit that binds",
			"X-RateLimit-Remaining", "What is left of it", "X-RateLimit-Reset", "When there is more, in seconds");

	/** The only ones that are no plain numbers. */
	private static final Set<String> LISTS = Set.of("RateLimit", "RateLimit-Policy");

	private final RateLimitHeaders headers;

	private final Function<List<Decision>, Refusal> refusals;

	private final boolean storeMayFail;

	private final Predicate<String> problemDetails;

	/**
	 * Creates responses.
	 * @param headers writes the header fields
	 * @param refusals turns decisions into a refusal
	 * @param storeMayFail whether the store may be unable to answer
	 * @param problemDetails whether the body of a policy's refusals is ours, and not one
	 * of the application
	 */
	RefusalResponses(RateLimitHeaders headers, Function<List<Decision>, Refusal> refusals, boolean storeMayFail,
			Predicate<String> problemDetails) {
		this.headers = headers;
		this.refusals = refusals;
		this.storeMayFail = storeMayFail;
		this.problemDetails = problemDetails;
	}

	/**
	 * Adds the refusals by some policies to an operation, where nothing is documented for
	 * their status.
	 * @param policies enforced policies; none, if the operation is not limited
	 */
	void addTo(Operation operation, List<Policy> policies) {
		if (policies.isEmpty()) {
			return;
		}
		Policy policy = policies.get(0);
		add(operation, policy.name(), "The request is over a limit",
				List.of(Decision.denied(policy, policy.limits().get(0), 0, SECOND, SECOND, null)));
		if (this.storeMayFail) {
			policies.stream()
				.filter((each) -> each.failureMode() == FailureMode.DENY)
				.findFirst()
				.ifPresent((each) -> add(operation, each.name(), "Requests cannot be counted at the moment",
						List.of(Decision.notCounted(each, false))));
		}
	}

	/**
	 * Adds the schema of the bodies to a description that has such responses.
	 */
	void addSchema(OpenAPI description) {
		if (description.getPaths()
			.values()
			.stream()
			.flatMap((item) -> item.readOperations().stream())
			.noneMatch(RefusalResponses::refersToSchema)) {
			return;
		}
		Components components = description.getComponents();
		if (components == null) {
			components = new Components();
			description.setComponents(components);
		}
		if (components.getSchemas() == null || !components.getSchemas().containsKey(SCHEMA)) {
			components.addSchemas(SCHEMA, schema());
		}
	}

	private void add(Operation operation, String policy, String meaning, List<Decision> decisions) {
		Refusal refusal = this.refusals.apply(decisions);
		ApiResponses responses = operation.getResponses();
		if (responses == null) {
			responses = new ApiResponses();
			operation.setResponses(responses);
		}
		String status = Integer.toString(refusal.status());
		if (!responses.containsKey(status)) {
			responses.addApiResponse(status, response(policy, meaning, refusal));
		}
	}

	private ApiResponse response(String policy, String meaning, Refusal refusal) {
		ApiResponse response = new ApiResponse().description(meaning);
		if (refusal.retryAfter() > 0) {
			response.addHeaderObject(RETRY_AFTER, header(RETRY_AFTER));
		}
		names(refusal).forEach((name) -> response.addHeaderObject(name, header(name)));
		if (this.problemDetails.test(policy)) {
			response.content(new Content().addMediaType(PROBLEM,
					new MediaType().schema(new Schema<>().$ref(Components.COMPONENTS_SCHEMAS_REF + SCHEMA))));
		}
		return response;
	}

	/*
	 * A writer of the application may need the response of the server.
	 */
	private Set<String> names(Refusal refusal) {
		WrittenHeaders written = new WrittenHeaders();
		try {
			this.headers.write(written, refusal.decisions());
		}
		catch (RuntimeException ex) {
			logger.debug("The header fields of {} are not documented", this.headers.getClass().getName(), ex);
		}
		return written.names();
	}

	private static Header header(String name) {
		boolean number = MEANINGS.containsKey(name) && !LISTS.contains(name);
		return new Header().description(MEANINGS.get(name)).schema(of(number ? NUMBER : TEXT));
	}

	private static boolean refersToSchema(Operation operation) {
		return operation.getResponses() != null && operation.getResponses()
			.values()
			.stream()
			.map(ApiResponse::getContent)
			.anyMatch((content) -> content != null && content.containsKey(PROBLEM)
					&& (Components.COMPONENTS_SCHEMAS_REF + SCHEMA).equals(reference(content.get(PROBLEM))));
	}

	private static String reference(MediaType type) {
		return (type.getSchema() != null) ? String.valueOf(type.getSchema().get$ref()) : "";
	}

	private static Schema<?> schema() {
		return of("object").description("Problem details of a refused request (RFC 9457)")
			.addProperty("type", of(TEXT).format("uri").description("Kind of the problem"))
			.addProperty("title", of(TEXT).description("What the status means"))
			.addProperty("status", of(NUMBER).description("Status of the response"))
			.addProperty("detail", of(TEXT).description("What to tell a human"))
			.addProperty("instance", of(TEXT).format("uri-reference").description("Path of the request"))
			.addProperty("violated-policies",
					of("array").items(of(TEXT)).description("Names of the limits that refused the request"));
	}

	/*
	 * Descriptions of version 3.0 have one type, those of 3.1 a set.
	 */
	private static Schema<Object> of(String type) {
		Schema<Object> schema = new Schema<>();
		schema.setType(type);
		schema.addType(type);
		return schema;
	}

}
