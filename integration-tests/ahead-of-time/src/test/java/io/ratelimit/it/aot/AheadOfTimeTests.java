package io.ratelimit.it.aot;

import java.nio.file.Path;

import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was processed ahead of time limits as any other. What is decided
 * then and contradicts what is set when it runs stops the start.
 */
class AheadOfTimeTests {

	private static final String[] LIMITS = { "ratelimit.policies.goods.limits=2/1h",
			"ratelimit.policies.goods.paths=/goods" };

	@TempDir
	private Path directory;

	@Test
	void requestsAndMethodsAreLimitedByWhatIsSetWhenItRuns() throws Exception {
		Processed shop = Processed.with(this.directory);
		try (Running running = shop.start(LIMITS)) {
			assertThat(running.statuses(3, "/goods")).containsExactly(200, 200, 429);
			assertThat(running.statuses(3, "/order?customer=a")).containsExactly(200, 200, 429);
			assertThat(running.statuses(1, "/order?customer=A")).containsExactly(429);
			assertThat(running.statuses(1, "/order?customer=b")).containsExactly(200);
			assertThat(running.statuses(2, "/deliver?town=Ulm")).containsExactly(200, 429);
			assertThat(running.statuses(1, "/deliver?town=Au")).containsExactly(200);
			assertThat(running.text()).contains("AOT-processed");
		}
		try (Running running = shop.start(LIMITS[0], LIMITS[1], "ratelimit.enabled=false")) {
			assertThat(running.statuses(3, "/goods")).containsOnly(200);
		}
	}

	@Test
	void limitsAreCountedInRedis() throws Exception {
		Processed shop = Processed.with(this.directory, "ratelimit.store=redis");
		try (RedisServer server = RedisServer.start();
				Running running = shop.start(LIMITS[0], LIMITS[1], "ratelimit.store=redis",
						"spring.data.redis.port=" + server.port())) {
			assertThat(running.statuses(3, "/goods")).containsExactly(200, 200, 429);
			assertThat(server.send("DBSIZE")).startsWith(":1");
		}
	}

	@Test
	void aStoreThatIsSetOnlyWhenItRunsStopsTheStart() throws Exception {
		Processed shop = Processed.with(this.directory);
		try (Running running = shop.start("ratelimit.store=redis")) {
			assertThat(running.failure()).contains("ratelimit.store").contains("ahead of time");
		}
	}

	@Test
	void aStoreThatIsSetOnlyAheadOfTimeStopsTheStart() throws Exception {
		Processed shop = Processed.with(this.directory, "ratelimit.store=redis");
		try (Running running = shop.start(LIMITS)) {
			assertThat(running.failure()).contains("ratelimit.store").contains("ahead of time");
		}
	}

}
