package io.ratelimit.it.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Plan;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Policies that change while clients use them, by Spring Cloud's refresh and by a source
 * of policies.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefreshTests {

	private static final String POLICIES = """
			ratelimit:
			  policies:
			    api: {limits: 3/1h, paths: /api/**}
			    customers: {limits: 1/1h, paths: /customers/**, key: "header:X-Customer"}
			    exports: 1/1h
			    bulk: 6/1h
			    both: {limits: 2/1h, paths: /both}
			my: {limit: 2/1h, bulk: 4/1h}
			""";

	@TempDir
	private Path directory;

	private Application application;

	@BeforeEach
	void start() throws IOException {
		write(POLICIES);
		this.application = application();
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aRaisedLimitLetsARefusedClientThroughAtOnceAndALoweredOneDoesNot() throws IOException {
		assertThat(this.application.statuses(4, "/api/hello")).containsExactly(200, 200, 200, 429);
		refresh(POLICIES.replace("3/1h", "5/1h"));
		assertThat(this.application.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
		refresh(POLICIES.replace("3/1h", "4/1h"));
		assertThat(this.application.get("/api/hello").status()).isEqualTo(429);
		refresh(POLICIES.replace("3/1h", "6/1h"));
		assertThat(this.application.statuses(2, "/api/hello")).containsExactly(200, 429);
	}

	@Test
	void aChangeAppliesOnEveryInstanceThatGotItOnRedisToo() throws IOException {
		try (RedisServer server = RedisServer.start();
				Application one = onRedis(server);
				Application two = onRedis(server)) {
			assertThat(one.statuses(2, "/api/hello")).containsOnly(200);
			assertThat(two.statuses(2, "/api/hello")).containsExactly(200, 429);
			assertThat(one.get("/api/hello").status()).isEqualTo(429);
			write(POLICIES.replace("3/1h", "5/1h"));
			refresh(one);
			assertThat(one.get("/api/hello").status()).isEqualTo(200);
			assertThat(two.get("/api/hello").status()).isEqualTo(429);
			refresh(two);
			assertThat(two.statuses(2, "/api/hello")).containsExactly(200, 429);
			write(POLICIES.replace("3/1h", "1/1h"));
			refresh(one);
			assertThat(one.get("/api/hello").header("RateLimit-Policy")).isEqualTo("\"api\";q=1;w=3600");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "3/1", "9/1h, limit: 9/1h", "0/1h", "9/1h, key: nonsense", "9/1h, methods: FETCH" })
	void aBadChangeLeavesEverythingAsItWas(String limits) throws IOException {
		assertThat(this.application.statuses(2, "/api/hello")).containsOnly(200);
		refresh(POLICIES.replace("exports: 1/1h", "exports: 9/1h").replace("3/1h", limits));
		assertThat(this.application.statuses(2, "/api/hello")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/exports")).containsExactly(200, 429);
	}

	@Test
	void pathsKeysAndModesFollow() throws IOException {
		assertThat(this.application.statuses(4, "/api/hello")).endsWith(429);
		refresh(POLICIES.replace("/api/**", "/moved/**"));
		assertThat(this.application.statuses(4, "/api/hello")).containsOnly(200);
		assertThat(this.application.get("/moved/hello").status()).isEqualTo(429);
		refresh(POLICIES.replace("3/1h,", "3/1h, mode: shadow,"));
		assertThat(this.application.statuses(4, "/api/hello")).containsOnly(200);
		refresh(POLICIES.replace("paths: /api/**", "paths: /api/**, key: 'header:X-Name'"));
		assertThat(this.application.statuses(4, "/api/hello", "X-Name", "ann")).containsExactly(200, 200, 200, 429);
	}

	@Test
	void annotatedMethodsFollow() throws IOException {
		assertThat(this.application.statuses(2, "/exports")).containsExactly(200, 429);
		refresh(POLICIES.replace("exports: 1/1h", "exports: 2/1h"));
		assertThat(this.application.statuses(2, "/exports")).containsExactly(200, 429);
	}

	@Test
	void annotatedMethodsFollowTheKeyAndARequestIsChargedOnce() throws IOException {
		refresh(POLICIES.replace("paths: /both", "paths: /both, key: 'header:X-Name'"));
		assertThat(this.application.statuses(3, "/both", "X-Name", "ann")).containsExactly(200, 200, 429);
		assertThat(this.application.statuses(3, "/both", "X-Name", "bob")).containsExactly(200, 200, 429);
		refresh(POLICIES.replace("exports: 1/1h", "exports: {limits: 1/1h, key: 'header:X-Name'}"));
		assertThat(this.application.statuses(2, "/exports", "X-Name", "ann")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/exports", "X-Name", "bob")).containsExactly(200, 429);
	}

	@Test
	void limitsInPlaceFollowTheDefaultKey() throws IOException {
		refresh(POLICIES.replace("ratelimit:\n", "ratelimit:\n  defaults: {key: 'header:X-Name'}\n"));
		assertThat(this.application.statuses(3, "/place", "X-Name", "ann")).containsExactly(200, 200, 429);
		assertThat(this.application.statuses(3, "/place", "X-Name", "bob")).containsExactly(200, 200, 429);
	}

	@Test
	void limitsInPlaceFollowTheirPlaceholders() throws IOException {
		assertThat(this.application.statuses(3, "/place")).containsExactly(200, 200, 429);
		refresh(POLICIES.replace("my: {limit: 2/1h", "my: {limit: 3/1h"));
		assertThat(this.application.statuses(2, "/place")).containsExactly(200, 429);
		refresh(POLICIES.replace("my: {limit: 2/1h", "my: {limit: 1/1h"));
		assertThat(this.application.get("/place").header("RateLimit-Policy")).endsWith(";q=1;w=3600");
	}

	@ParameterizedTest
	@ValueSource(strings = { "bulk: nonsense", "bulk: 1/1h", "gone: 1/1h" })
	void aBadLimitInPlaceLeavesEverythingAsItWas(String bulk) throws IOException {
		refresh(POLICIES.replace("bulk: 4/1h", bulk).replace("exports: 1/1h", "exports: 9/1h"));
		assertThat(this.application.statuses(3, "/place/bulk")).containsExactly(200, 200, 429);
		assertThat(this.application.statuses(2, "/exports")).containsExactly(200, 429);
	}

	@Test
	void aLimitThatIsTooLowForACallIsABadChange() throws IOException {
		refresh(POLICIES.replace("bulk: 6/1h", "bulk: 2/1h"));
		assertThat(this.application.statuses(3, "/bulk")).containsExactly(200, 200, 429);
	}

	@Test
	void aPolicyThatIsAddedAppliesAndOneThatIsRemovedIsOff() throws IOException {
		refresh(POLICIES.replace("my:", "    moved: {limits: 1/1h, paths: /moved/**}\nmy:"));
		assertThat(this.application.statuses(2, "/moved/hello")).containsExactly(200, 429);
		refresh(POLICIES);
		assertThat(this.application.statuses(2, "/moved/hello")).containsOnly(200);
		assertThat(this.application.bean(RateLimits.class).policies().get("moved").mode()).isEqualTo(Mode.OFF);
	}

	@Test
	void aSourceSaysWhenItsPoliciesHaveChanged() {
		Api.Database database = this.application.bean(Api.Database.class);
		assertThat(this.application.statuses(3, "/tenants/hello")).containsOnly(200);
		database.change(Policy.of("tenants", Limit.valueOf("1/1h")));
		assertThat(this.application.statuses(2, "/tenants/hello")).containsExactly(200, 429);
		database.change(Policy.of("tenants", Limit.valueOf("2/1h")));
		assertThat(this.application.statuses(2, "/tenants/hello")).containsExactly(200, 429);
		database.change(Policy.of("tenants", Limit.valueOf("9/1h")), Policy.of("api", Limit.valueOf("9/1h")));
		assertThat(this.application.get("/tenants/hello").status()).as("a name that is taken").isEqualTo(429);
		database.change();
		assertThat(this.application.get("/tenants/hello").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "ratelimit.enabled, false, true", "ratelimit.http.headers, NONE, DRAFT",
			"ratelimit.http.waiting-threads, 5, ''", "ratelimit.caffeine.maximum-keys, 7, 100000",
			"ratelimit.store, REDIS, CAFFEINE", "ratelimit.key-secret, ******, ******" })
	void whatARefreshCannotChangeIsSaidOnce(String property, String value, String before, CapturedOutput output)
			throws IOException {
		String changed = POLICIES + property + ": " + (value.startsWith("*") ? "0123456789abcdef" : value) + "\n";
		refresh(changed);
		refresh(changed.replace("3/1h", "5/1h"));
		String said = "%s is now '%s', and stays '%s' until the application starts again".formatted(property, value,
				before);
		assertThat(output.getOut().split(Pattern.quote(said), -1)).hasSize(2);
		assertThat(output.getOut()).doesNotContain("0123456789abcdef");
		assertThat(this.application.statuses(6, "/api/hello")).containsExactly(200, 200, 200, 200, 200, 429);
	}

	@Test
	void aSourceIsHeardWhereBeansAreMadeLate() {
		try (Application late = application("spring.main.lazy-initialization=true")) {
			late.bean(Api.Database.class).change(Policy.of("tenants", Limit.valueOf("1/1h")));
			assertThat(late.statuses(2, "/tenants/hello")).containsExactly(200, 429);
		}
	}

	@Test
	void aLimitThatIsTooLowForACallIsABadChangeWhereBeansAreMadeLate() throws IOException {
		try (Application late = application("spring.main.lazy-initialization=true")) {
			write(POLICIES.replace("bulk: 6/1h", "bulk: 2/1h"));
			refresh(late);
			assertThat(late.statuses(3, "/bulk")).containsExactly(200, 200, 429);
		}
	}

	@Test
	void aKeyHasTheLimitsOfItsPlan() {
		Api.Database database = this.application.bean(Api.Database.class);
		database.plans.put("acme", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(this.application.statuses(4, "/customers/hello", "X-Customer", "acme")).containsExactly(200, 200,
				200, 429);
		assertThat(this.application.statuses(2, "/customers/hello", "X-Customer", "small")).containsExactly(200, 429);
		assertThat(this.application.get("/customers/hello", "X-Customer", "acme").header("RateLimit-Policy"))
			.isEqualTo("\"customers.pro\";q=3;w=3600");
	}

	private Application application(String... more) {
		String[] properties = { "spring.config.location=file:" + this.directory.resolve("application.yml"),
				"spring.cloud.compatibility-verifier.enabled=false",
				"management.endpoints.web.exposure.include=refresh" };
		String[] all = new String[properties.length + more.length];
		System.arraycopy(properties, 0, all, 0, properties.length);
		System.arraycopy(more, 0, all, properties.length, more.length);
		return Application.start(Api.class, all);
	}

	private Application onRedis(RedisServer server) {
		return application("ratelimit.store=redis", "ratelimit.redis.timeout=5s", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + server.port());
	}

	private void write(String text) throws IOException {
		Files.writeString(this.directory.resolve("application.yml"), text);
	}

	private void refresh(String text) throws IOException {
		write(text);
		refresh(this.application);
	}

	private static void refresh(Application application) {
		assertThat(application.post("/actuator/refresh", "").status()).isEqualTo(200);
	}

}
