package io.ratelimit.it.neighbours;

import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.it.neighbours.shop.ShopApplication;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application's own filters and beans, under the names that first come to mind, stay
 * and work beside those of the starter, also where one bean may replace another.
 */
class OwnBeansTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void filterThatIsAComponentWorks(boolean overriding) {
		try (Application application = start(ShopApplication.class, overriding)) {
			assertWorks(application, "RateLimitFilter");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void filterThatIsRegisteredByNameWorks(boolean overriding) {
		try (Application application = start(Depot.class, overriding)) {
			assertWorks(application, "registered");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void registryOfTheApplicationIsLeftAlone(boolean overriding) {
		try (Application application = start(ShopApplication.class, overriding)) {
			assertThat(application.bean(RateLimiterRegistry.class).getTags()).containsEntry("of", "shop");
		}
	}

	private static Application start(Class<?> configuration, boolean overriding) {
		return Application.start(configuration, "spring.main.allow-bean-definition-overriding=" + overriding,
				"ratelimit.policies.api.limits=2/1m", "ratelimit.policies.api.paths=/api/**",
				"ratelimit.policies.method=2/1m");
	}

	private static void assertWorks(Application application, String filter) {
		Answer answer = application.get("/api/hello");
		assertThat(answer.body()).isEqualTo("Hello");
		assertThat(answer.header("X-Passed")).isEqualTo(filter);
		assertThat(answer.header("RateLimit")).startsWith("\"api\";r=1;");
		assertThat(application.statuses(2, "/api/hello")).containsExactly(200, 429);
		assertThat(application.statuses(3, "/method")).containsExactly(200, 200, 429);
	}

}
