package io.ratelimit.it.aot;

import java.nio.file.Path;

import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was processed ahead of time limits as any other. What is decided
 * then and contradicts what is set when it runs stops the start.
 */
class AheadOfTimeTests {

	private static final String LIMIT = "ratelimit.policies.goods.limits=2/1h";

	private static final String PATH = "ratelimit.policies.goods.paths=/goods";

	private static final String REDIS = "ratelimit.store=redis";

	private static final String ASPECT = "ratelimit.method.mode=aspectj";

	private static Processed inProcess;

	private static Processed inRedis;

	private static Processed woven;

	@BeforeAll
	static void process(@TempDir Path directory) throws Exception {
		inProcess = Processed.with(directory.resolve("in-process"));
		inRedis = Processed.with(directory.resolve("in-redis"), REDIS);
		woven = Processed.with(directory.resolve("woven"), ASPECT);
	}

	@Test
	void requestsAndMethodsAreLimitedByWhatIsSetWhenItRuns() throws Exception {
		try (Running shop = inProcess.start(LIMIT, PATH)) {
			assertThat(shop.statuses(3, "/goods")).containsExactly(200, 200, 429);
			assertThat(shop.statuses(3, "/order?customer=a")).containsExactly(200, 200, 429);
			assertThat(shop.statuses(1, "/order?customer=A")).containsExactly(429);
			assertThat(shop.statuses(1, "/order?customer=b")).containsExactly(200);
			assertThat(shop.statuses(2, "/deliver?town=Ulm")).containsExactly(200, 429);
			assertThat(shop.statuses(1, "/deliver?town=Au")).containsExactly(200);
			assertThat(shop.text()).contains("AOT-processed");
		}
	}

	@Test
	void limitsAreSwitchedOffWhenItRuns() throws Exception {
		try (Running shop = inProcess.start(LIMIT, PATH, "ratelimit.enabled=false")) {
			assertThat(shop.statuses(3, "/goods")).containsOnly(200);
		}
	}

	@Test
	void methodsAreLimitedByTheAspect() throws Exception {
		try (Running shop = woven.startWoven(LIMIT, PATH, ASPECT)) {
			assertThat(shop.statuses(3, "/order?customer=a")).containsExactly(200, 200, 429);
			assertThat(shop.statuses(2, "/orders?customer=b")).containsExactly(200, 429);
			assertThat(shop.statuses(2, "/deliver?town=Ulm")).containsExactly(200, 429);
		}
	}

	@Test
	void whatIsNotWovenStopsTheStart() throws Exception {
		try (Running shop = woven.start(LIMIT, PATH, ASPECT)) {
			assertThat(shop.failure()).contains("is not woven", "-javaagent:aspectjweaver.jar");
		}
	}

	@Test
	void aModeThatIsSetOnlyWhenItRunsStopsTheStart() throws Exception {
		try (Running shop = inProcess.start(ASPECT)) {
			assertThat(shop.failure()).contains("ratelimit.method.mode", "it is 'aspectj', and was 'proxy' when");
		}
	}

	@Test
	void permitsAreCountedInRedis() throws Exception {
		try (RedisServer server = RedisServer.start();
				Running shop = inRedis.start(LIMIT, PATH, REDIS, "spring.data.redis.port=" + server.port())) {
			assertThat(shop.statuses(3, "/goods")).containsExactly(200, 200, 429);
			assertThat(server.send("DBSIZE")).isEqualTo(":1\r\n");
		}
	}

	@Test
	void aStoreThatIsSetOnlyWhenItRunsStopsTheStart() throws Exception {
		try (Running shop = inProcess.start(REDIS)) {
			assertThat(shop.failure()).contains("ratelimit.store", "it is 'redis', and was not when")
				.doesNotContain("Add the dependency");
		}
	}

	@Test
	void aStoreThatIsSetOnlyAheadOfTimeStopsTheStart() throws Exception {
		try (Running shop = inRedis.start(LIMIT, PATH)) {
			assertThat(shop.failure()).contains("ratelimit.store", "it is 'caffeine', and was 'redis' when");
		}
	}

}
