package io.ratelimit.it.openapi;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.PolicySource;
import io.ratelimit.spring.request.RefusalHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the description of an API says of limits.
 */
class DescriptionTests {

	private static final String[] POLICIES = { "ratelimit.policies.orders.limits=10/1m",
			"ratelimit.policies.returns.limits=10/1m", "ratelimit.policies.reports.limits=10/1m" };

	@Test
	void limitedHandlersDocumentTheirRefusalsAndNoOthers() {
		try (Application application = start()) {
			assertThat(Description.of(application).operations("429")).containsExactly("GET /reports", "POST /orders",
					"POST /returns");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					/items/**           | -              | -      | DELETE /items/{id}, GET /items, GET /items/cheap, GET /items/{id}
					/items/*            | -              | GET    | GET /items/cheap, GET /items/{id}
					/items/{number}     | /items/cheap   | -      | DELETE /items/{id}, GET /items/{id}
					/items/{id}         | /items/special | DELETE | DELETE /items/{id}
					/items/special      | -              | -      | DELETE /items/{id}, GET /items/{id}
					/items/cheap        | -              | GET    | GET /items/cheap
					/items/cheap        | -              | -      | DELETE /items/{id}, GET /items/cheap
					/items/{id:[0-9]+}  | -              | GET    | GET /items/{id}
					/items, /reports    | /items/**      | -      | GET /reports
					/items/*/parts      | -              | -      | -
					/**                 | /items/{id}    | GET    | GET /items, GET /reports, GET /reports/newest
					""")
	void guardedPathsDocumentTheirRefusalsAndNoOthers(String paths, String except, String methods, String operations) {
		try (Application application = start("ratelimit.policies.items.limits=10/1m",
				"ratelimit.policies.items.paths=" + paths,
				"ratelimit.policies.items.except=" + ((except != null) ? except : ""),
				"ratelimit.policies.items.methods=" + ((methods != null) ? methods : ""),
				"ratelimit.policies.orders.mode=off", "ratelimit.policies.reports.mode=off")) {
			assertThat(Description.of(application).operations("429"))
				.filteredOn((each) -> !each.equals("POST /returns"))
				.containsExactly((operations != null) ? operations.split(", ") : new String[0]);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "shadow", "off" })
	void policiesThatRefuseNobodyDocumentNothing(String mode) {
		try (Application application = start("ratelimit.policies.items.limits=10/1m",
				"ratelimit.policies.items.paths=/items", "ratelimit.defaults.mode=" + mode)) {
			assertThat(Description.of(application).operations("429")).containsExactly("POST /returns");
		}
		try (Application application = start("ratelimit.enabled=false")) {
			assertThat(Description.of(application).operations("429")).containsExactly("POST /returns");
		}
	}

	@Test
	void whatTheApplicationDocumentsIsKept() {
		try (Application application = start()) {
			assertThat(Description.of(application).response("/returns", "429"))
				.containsEntry("description", "Our own words")
				.doesNotContainKey("headers");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "openapi_3_0", "openapi_3_1" })
	void refusalHasItsHeaderFieldsAndItsBody(String version) {
		try (Application application = start("springdoc.api-docs.version=" + version)) {
			Description description = Description.of(application);
			assertThat(description.headers()).containsExactlyInAnyOrder("Retry-After", "RateLimit", "RateLimit-Policy");
			assertThat(description.typeOfHeader("Retry-After")).isEqualTo("integer");
			assertThat(description.typeOfHeader("RateLimit")).isEqualTo("string");
			assertThat(description.schema()).isEqualTo("#/components/schemas/RateLimitProblem");
			assertThat(description.properties()).containsOnlyKeys("type", "title", "status", "detail", "instance",
					"violated-policies");
			assertThat(description.properties().get("status")).containsEntry("type", "integer");
			assertThat(description.properties().get("violated-policies")).containsEntry("type", "array");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			draft-06    | RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy, Retry-After
			x-ratelimit | X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After
			none        | Retry-After
			""")
	void headerFieldsAreThoseOfTheConfiguredStyle(String style, String names) {
		try (Application application = start("ratelimit.http.headers=" + style)) {
			assertThat(Description.of(application).headers()).containsExactlyInAnyOrder(names.split(", "));
		}
	}

	@Test
	void refusalHasTheHeaderFieldsAndTheBodyThatAreDocumented() {
		try (Application application = start("ratelimit.policies.orders.limits=1/1m")) {
			application.post("/orders", "");
			Answer refused = application.post("/orders", "");
			assertThat(refused.status()).isEqualTo(429);
			Description description = Description.of(application);
			assertThat(description.headers())
				.allSatisfy((name) -> assertThat(refused.header(name)).as(name).isNotEmpty());
			Map<String, Object> body = JsonPath.read(refused.body(), "$");
			assertThat(body).containsOnlyKeys(description.properties().keySet());
		}
	}

	@Test
	void statusIsTheConfiguredOne() {
		try (Application application = start("ratelimit.http.status=420")) {
			Description description = Description.of(application);
			assertThat(description.operations("420")).containsExactly("GET /reports", "POST /orders", "POST /returns");
			assertThat(description.operations("429")).containsExactly("POST /returns");
		}
	}

	@Test
	void groupsAreDescribedLikewise() {
		try (Application application = start("ratelimit.policies.items.limits=10/1m",
				"ratelimit.policies.items.paths=/items")) {
			Description description = Description.of(application, "/v3/api-docs/items");
			assertThat(description.operations("429")).containsExactly("GET /items", "POST /orders");
			assertThat(description.properties()).isNotEmpty();
		}
	}

	@Test
	void managementEndpointsAreLimitedWhereAPolicyNamesThem() {
		String[] shown = { "springdoc.show-actuator=true", "management.endpoints.web.exposure.include=health,info" };
		try (Application application = start("ratelimit.policies.all.limits=100/1m", "ratelimit.policies.all.paths=/**",
				shown[0], shown[1])) {
			assertThat(Description.of(application).operations("429")).contains("GET /items")
				.noneMatch((operation) -> operation.contains("/actuator/"));
		}
		try (Application application = start("ratelimit.policies.all.limits=100/1m",
				"ratelimit.policies.all.paths=/actuator/health/**", shown[0], shown[1])) {
			assertThat(Description.of(application).operations("429")).contains("GET /actuator/health")
				.doesNotContain("GET /items", "GET /actuator/info");
		}
	}

	@Test
	void descriptionWithoutLimitsIsAsItWouldBe() {
		try (Application application = start("ratelimit.enabled=false")) {
			assertThat(Description.of(application)).asString().doesNotContain("RateLimit", "Retry-After");
		}
	}

	@Test
	void storeThatCannotFailRefusesNobodyForThat() {
		try (Application application = start("ratelimit.failure-mode=deny")) {
			assertThat(Description.of(application).operations("503")).isEmpty();
		}
	}

	@Test
	void storeThatMayFailRefusesWhereThatIsAskedFor() {
		try (Application application = Application.start(OtherStore.class, "ratelimit.failure-mode=deny",
				"ratelimit.policies.orders=10/1m", "ratelimit.policies.returns=10/1m",
				"ratelimit.policies.reports.limits=10/1m", "ratelimit.policies.reports.failure-mode=allow")) {
			Description description = Description.of(application);
			assertThat(description.operations("503")).containsExactly("POST /orders", "POST /returns");
			assertThat(description.response("503")).containsOnlyKeys("description", "headers", "content");
		}
	}

	@Test
	void bodyOfTheApplicationIsLeftToIt() {
		try (Application application = Application.start(OwnBody.class, POLICIES)) {
			Description description = Description.of(application);
			assertThat(description.response("429")).containsOnlyKeys("description", "headers");
			assertThat(description).asString().doesNotContain("RateLimitProblem");
		}
	}

	@Test
	void bodyOfOnePolicyIsLeftToTheApplicationAndTheOthersAreOurs() {
		try (Application application = Application.start(OwnBodyOfOrders.class, POLICIES)) {
			String description = application.get("/v3/api-docs").body();
			assertThat(JsonPath.<Map<String, Object>>read(description, "$.paths['/orders'].post.responses.429"))
				.containsOnlyKeys("description", "headers");
			assertThat(JsonPath.<Map<String, Object>>read(description, "$.paths['/reports'].get.responses.429"))
				.containsOnlyKeys("description", "headers", "content");
		}
	}

	@Test
	void changedPolicyShowsInTheNextDescriptionThatIsMade() {
		try (Application application = Application.start(Changing.class,
				Stream.concat(Stream.of(POLICIES), Stream.of("springdoc.cache.disabled=true"))
					.toArray(String[]::new))) {
			assertThat(Description.of(application).operations("429")).contains("GET /items");
			application.bean(Tenants.class).change(Mode.SHADOW);
			assertThat(Description.of(application).operations("429")).doesNotContain("GET /items")
				.contains("POST /orders");
		}
	}

	@Test
	void descriptionOfTheCacheStaysAsItIs() {
		try (Application application = Application.start(Changing.class, POLICIES)) {
			assertThat(Description.of(application).operations("429")).contains("GET /items");
			application.bean(Tenants.class).change(Mode.SHADOW);
			assertThat(Description.of(application).operations("429")).contains("GET /items");
		}
	}

	private static Application start(String... properties) {
		String[] all = new String[POLICIES.length + properties.length];
		System.arraycopy(POLICIES, 0, all, 0, POLICIES.length);
		System.arraycopy(properties, 0, all, POLICIES.length, properties.length);
		return Application.start(Store.class, all);
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Store.class)
	static class OwnBody {

		@Bean
		RefusalHandler ownBody() {
			return (refusal, request, response) -> response.write("text/plain", "no");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Store.class)
	static class OwnBodyOfOrders {

		@Bean
		RefusalHandler ownBody() {
			return RefusalHandler.forPolicies((refusal, request, response) -> response.write("text/plain", "no"),
					"orders");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Store.class, Tenants.class })
	static class Changing {

	}

	static final class Tenants implements PolicySource {

		private volatile Mode mode = Mode.ENFORCE;

		private volatile Runnable changed = () -> {
		};

		void change(Mode mode) {
			this.mode = mode;
			this.changed.run();
		}

		@Override
		public List<Policy> policies() {
			return List.of(Policy.of("tenants", Limit.valueOf("10/1m")).withMode(this.mode));
		}

		@Override
		public Guard guard(String policy) {
			return Guard.of("/items");
		}

		@Override
		public void onChange(Runnable changed) {
			this.changed = changed;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Store.class)
	static class OtherStore {

		@Bean
		RateLimitStore remoteStore() {
			RateLimitStore store = CaffeineRateLimitStore.builder().build();
			return new RateLimitStore() {

				@Override
				public BoundPolicy bind(Policy policy) {
					return store.bind(policy);
				}

				@Override
				public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
					return store.tryAcquireAll(claims);
				}

				@Override
				public void close() {
					store.close();
				}

			};
		}

	}

}
