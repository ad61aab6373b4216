package io.ratelimit.it.endpoint;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A policy that is changed through the endpoint again and again, while its keys count. To
 * change it more often: {@code -Dchanges=25000}.
 */
class ManyChangesTests {

	private static final int CHANGES = Integer.getInteger("changes", 1_000);

	private static final int KEYS = 100;

	/** A chain of a thousand former policies would be 4 MB. */
	private static final long MOST_GROWTH = 3 << 20;

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void aPolicyThatWasChangedOftenCountsAsBefore() throws Exception {
		try (Application application = Application.start(Api.class,
				"management.endpoints.web.exposure.include=ratelimits",
				"management.endpoint.ratelimits.access=unrestricted", "ratelimit.policies.api.limits=5/1h",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.key=header:X-User",
				"ratelimit.policies.exports=6/1h")) {
			use(application, "old", 2, 200);
			change(application, CHANGES / 10);
			long before = usedHeap();
			change(application, CHANGES);
			assertThat(usedHeap() - before).as("growth of the heap").isLessThan(MOST_GROWTH);
			assertThat(application.bean(CaffeineRateLimitStore.class).keys()).isEqualTo(KEYS);
			use(application, "new", 5, 200);
			use(application, "new", 1, 429);
			use(application, "old", 3, 200);
			use(application, "old", 1, 429);
			assertThat(application.bean(CaffeineRateLimitStore.class).keys()).isEqualTo(2 * KEYS);
		}
	}

	private static void use(Application application, String prefix, int times, int status) {
		for (int i = 0; i < KEYS * times; i++) {
			Answer answer = application.get("/api/hello", "X-User", prefix + i % KEYS);
			assertThat(answer.status()).as(prefix + i % KEYS).isEqualTo(status);
		}
	}

	/**
	 * Raises the limit and lowers it again, and ends where it began.
	 */
	private void change(Application application, int times) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(application.uri("/actuator/ratelimits/policies/api"))
			.header("Content-Type", "application/json");
		for (int i = 1; i <= 2 * (times / 2); i++) {
			String limits = "{\"limits\": \"" + (5 + i % 2) + "/1h\"}";
			HttpResponse<String> response = this.client.send(
					request.POST(HttpRequest.BodyPublishers.ofString(limits)).build(),
					HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		}
	}

	private static long usedHeap() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		Runtime runtime = Runtime.getRuntime();
		return runtime.totalMemory() - runtime.freeMemory();
	}

}
