package io.ratelimit.spring.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.spring.policy.GivenPolicies;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.Guard.MissingKey;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What several sources together say, each in its own spelling.
 */
class ConfigurationReaderTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void aVariableOverridesTheShortForm() {
		yaml("ratelimit.policies.exports: 2/1h");
		variables("RATELIMIT_POLICIES_EXPORTS_LIMITS=100/1h");
		assertThat(policies()).containsExactly(Policy.of("exports", Limit.valueOf("100/1h")));
	}

	@Test
	void aShortFormInAProfileOverridesTheLongFormInTheFile() {
		yaml("ratelimit.policies.api: {limits: [{permits: 5, window: 1m, algorithm: token-bucket, burst: 9}], paths: /api/**}");
		yaml("ratelimit.policies.api: 7/1m");
		assertThat(policies()).containsExactly(Policy.of("api", Limit.valueOf("7/1m")));
		assertThat(guard("api").paths()).containsExactly("/api/**");
	}

	@Test
	void aLongFormInAProfileOverridesTheShortFormInTheFile() {
		yaml("ratelimit.policies.api: 7/1m");
		yaml("ratelimit.policies.api.limits: [{permits: 5, window: 1m}]");
		assertThat(policies()).containsExactly(Policy.of("api", Limit.valueOf("5/1m")));
	}

	@Test
	void aListOfLimitsIsOverriddenAsAWhole() {
		yaml("ratelimit.policies.api.limits: [1/1s, 2/1m, {permits: 5, window: 1h}]");
		variables("RATELIMIT_POLICIES_API_LIMITS_0_=9/1s");
		assertThat(policies()).containsExactly(Policy.of("api", Limit.valueOf("9/1s")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "searchApi", "login-user", "Login_User", "API" })
	void aVariableMakesNoSecondPolicy(String name) {
		yaml("ratelimit.policies." + name + ": {limits: 1/1m, missing-key: deny}");
		variables("RATELIMIT_POLICIES_" + PropertyNames.uniform(name).toUpperCase(java.util.Locale.ROOT)
				+ "_LIMITS=9/1m");
		assertThat(policies()).containsExactly(Policy.of(name, Limit.valueOf("9/1m")));
		assertThat(guard(name).missingKey()).isEqualTo(MissingKey.DENY);
	}

	@Test
	void aPolicyWithDotsIsOverriddenByAVariableToo() {
		yaml("ratelimit.policies.\"[my.api]\".limits: 1/1m");
		variables("RATELIMIT_POLICIES_MYAPI_LIMITS=9/1m", "RATELIMIT_POLICIES_MYAPI_KEY=global");
		assertThat(policies()).containsExactly(Policy.of("my.api", Limit.valueOf("9/1m")));
		assertThat(guard("my.api").key()).isEqualTo("global");
	}

	@Test
	void aNumberCanBeTheNameOfAPolicy() {
		yaml("ratelimit.policies.404.limits: 1/1m");
		variables("RATELIMIT_POLICIES_404_MODE=shadow");
		assertThat(policies()).containsExactly(Policy.of("404", Limit.valueOf("1/1m")).withMode(Mode.SHADOW));
	}

	@Test
	void aSystemPropertyMakesNoSecondPolicy() {
		yaml("ratelimit.policies.searchApi: 1/1m");
		systemProperties("ratelimit.policies.search-api.limits=9/1m");
		assertThat(policies()).containsExactly(Policy.of("searchApi", Limit.valueOf("9/1m")));
	}

	@Test
	void aVariableAloneMakesAPolicy() {
		variables("RATELIMIT_POLICIES_API_LIMITS=1/1m", "RATELIMIT_POLICIES_API_PATHS=/api/**",
				"RATELIMIT_HTTP_TRUSTEDPROXIES=10.0.0.0/8", "RATELIMIT_STORE=caffeine");
		assertThat(policies()).containsExactly(Policy.of("api", Limit.valueOf("1/1m")));
	}

	@Test
	void aFileMayDivideThePropertiesOfAShortForm() {
		yaml("""
				ratelimit.policies.api: 1/1m
				ratelimit.policies.api.paths: /api/**
				""");
		assertThat(policies()).containsExactly(Policy.of("api", Limit.valueOf("1/1m")));
		assertThat(guard("api").paths()).containsExactly("/api/**");
	}

	@Test
	void defaultsHaveAShortFormToo() {
		yaml("ratelimit: {defaults: {limits: [{permits: 1, window: 1m}]}, policies: {api: {paths: /api}}}");
		variables("RATELIMIT_DEFAULTS=2/1m");
		assertThat(policies()).containsExactly(Policy.of("api", Limit.valueOf("2/1m")));
	}

	@Test
	void anEmptyBlockIsNone() {
		yaml("ratelimit: {policies: , http: , caffeine: }");
		assertThat(policies()).isEmpty();
	}

	@Test
	void variablesThatKubernetesMakesOfAServiceAreNoProperties() {
		variables("RATELIMIT_SERVICE_HOST=10.0.0.1", "RATELIMIT_SERVICE_PORT=8081", "RATELIMIT_SERVICE_PORT_GRPC=8081",
				"RATELIMIT_PORT=tcp://10.0.0.1:8081", "RATELIMIT_PORT_8081_TCP=tcp://10.0.0.1:8081",
				"RATELIMIT_PORT_8081_TCP_PROTO=tcp", "RATELIMIT_PORT_8081_TCP_ADDR=10.0.0.1",
				"RATELIMIT_REDIS_SERVICE_HOST=10.0.0.2", "RATELIMIT_REDIS_PORT=tcp://10.0.0.2:6379");
		assertThat(policies()).isEmpty();
	}

	@Test
	void aVariableThatLooksLikeOneOfKubernetesIsAPropertyIfItIsOne() {
		variables("RATELIMIT_POLICIES_PORT=1/1m", "RATELIMIT_POLICIES_API_LIMITS_0_PERMITS=5",
				"RATELIMIT_POLICIES_API_LIMITS_0_WINDOW=1m", "RATELIMIT_POLICIES_API_LIMITS_0_NAME=fast");
		assertThat(policies()).containsExactlyInAnyOrder(Policy.of("port", Limit.valueOf("1/1m")),
				Policy.of("api", Limit.valueOf("5/1m").withName("fast")));
	}

	@ParameterizedTest
	@CsvSource({ "login, Login", "login-user, loginUser", "login_user, loginuser", "api.v1, api.V1" })
	void namesThatAreOneToSpringBootStopTheStart(String one, String other) {
		yaml("ratelimit.policies." + one + ": {limits: 1/1m}\nratelimit.policies." + other + ": {limits: 1/1m}");
		assertStops(one.contains(".") ? "written in brackets" : "'" + one + "'",
				one.contains(".") ? "api" : "'" + other + "'");
	}

	@Test
	void namesThatAreOneToSpringBootStopTheStartInTwoFilesToo() {
		yaml("ratelimit.policies.login: 100/1m");
		yaml("ratelimit.policies.Login: 3/1m");
		assertStops("'login'", "'Login'", "are one to Spring Boot", "Spell the name alike");
	}

	@Test
	void namesInBracketsAreTakenLetterByLetter() {
		yaml("ratelimit.policies: {\"[v1.1]\": 1/1m, v11: 2/1m}");
		assertThat(policies()).extracting(Policy::name).containsExactlyInAnyOrder("v1.1", "v11");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					RATELIMIT_STOER=redis                       | RATELIMIT_STOER         | Did you mean RATELIMIT_STORE?
					RATELIMIT_POLICIES_API_PATH=/api            | RATELIMIT_POLICIES_API_PATH | Did you mean RATELIMIT_POLICIES_API_PATHS?
					RATELIMIT_POLICIES_LOGIN_USER_LIMITS=1/1m   | RATELIMIT_POLICIES_LOGIN_USER_LIMITS | did you mean RATELIMIT_POLICIES_LOGINUSER_LIMITS?
					RATELIMIT_HTTP_TRUSTED_PROXIES=10.0.0.0/8   | RATELIMIT_HTTP_TRUSTED_PROXIES | RATELIMIT_HTTP_TRUSTEDPROXIES
					RATELIMIT_POLICIES_API_LIMITS_0_WINDOWS=1m  | RATELIMIT_POLICIES_API_LIMITS_0_WINDOWS | RATELIMIT_POLICIES_API_LIMITS_0_WINDOW?
					""")
	void aVariableThatIsMisspeltStopsTheStart(String variable, String quoted, String right) {
		variables(variable);
		assertStops(quoted, "there is no such property", right);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					ratelimit.policies.api.path=/api/**   | ratelimit.policies.api.path = '/api/**' | Did you mean ratelimit.policies.api.paths?
					ratelimit.polices.api.limits=1/1m     | ratelimit.polices.api.limits = '1/1m'   | Did you mean ratelimit.policies.api.limits?
					ratelimit.http.header=none            | ratelimit.http.header = 'none'          | Did you mean ratelimit.http.headers?
					ratelimit.http.satus=503              | ratelimit.http.satus = '503'            | Did you mean ratelimit.http.status?
					ratelimit.policies.my.api.limits=1/1m | ratelimit.policies.my.api.limits        | ratelimit.policies[my.api].limits, in YAML "[my.api]"
					ratelimit.policies[0].name=api        | ratelimit.policies[0].name = 'api'      | Policies are a map
					ratelimit.policies.api.limits.permits=5 | ratelimit.policies.api.limits.permits | write ratelimit.policies.api.limits[0].permits
					ratelimit.policies.api.limits[0].windw=1m | ratelimit.policies.api.limits[0].windw | Did you mean ratelimit.policies.api.limits[0].window?
					ratelimit.http=none                   | ratelimit.http = 'none'                 | Below ratelimit.http there can be headers
					ratelimit.store.type=redis            | ratelimit.store.type = 'redis'          | Remove it
					ratelimit.keysecrt=0123456789abcdef   | ratelimit.keysecrt = '******'           | Did you mean ratelimit.key-secret?
					ratelimit.frequency=1                 | ratelimit.frequency = '1'               | Known there are enabled, failure-mode
					""")
	void aSystemPropertyThatIsMisspeltStopsTheStart(String property, String quoted, String right) {
		systemProperties(property);
		assertStops(quoted, "there is no such property", right);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			window: 60          | '60' has no unit: write 60s for seconds
			window: "60"        | '60' has no unit
			window: 1:30        | YAML reads 1:30 as the number 90
			window: 24:00:00    | YAML reads 24:00:00 as the number 86400
			window: "1:30"      | '1:30' is not a time such as 90s, 1m or PT1M30S
			window: 1M          | M could be a minute or a month
			window: 1y          | a year has no fixed length; write 365d
			window: 1m30s       | '1m30s' is not a time
			window: 1 fortnight | 'fortnight' is not a unit of time
			window: P1X         | 'P1X' is not an ISO-8601 duration such as PT15M
			permits: 010        | YAML reads 010 as the number 8
			permits: 1:30       | YAML reads 1:30 as the number 90
			permits: 2.9        | it is not a whole number
			permits: many       | it is not a number
			max-wait: 5         | '5' has no unit
			""")
	void aNumberThatIsNotWhatItLooksLikeStopsTheStart(String property, String message) {
		yaml("ratelimit.policies.api.limits: [{" + property + "}]");
		assertStops("ratelimit.policies.api.limits[0]." + property.substring(0, property.indexOf(':')), message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			value = { "10/1M | M could be a minute or a month", "10/60 | '60' has no unit",
					"10/1y | a year has no fixed length", "10/2months | a month has no fixed length",
					"10/1:30 | '1:30' is not a time" })
	void aWindowThatIsNotWhatItLooksLikeStopsTheStart(String limit, String message) {
		yaml("ratelimit.policies.api.limits: " + limit);
		assertStops("ratelimit.policies.api.limits", "'" + limit + "' is not a limit: " + message);
	}

	@Test
	void aTimeoutNeedsItsUnitToo() {
		variables("RATELIMIT_REDIS_TIMEOUT=50");
		assertStops("RATELIMIT_REDIS_TIMEOUT", "'50' has no unit: write 50s for seconds");
	}

	@ParameterizedTest
	@CsvSource({ "1m, PT1M", "500ms, PT0.5S", "PT1M30S, PT1M30S", "1 h, PT1H", "2W, PT336H", "day, PT24H" })
	void aWindowWithItsUnitIsRead(String window, Duration expected) {
		yaml("ratelimit.policies.api.limits: [{permits: 1_000, window: " + window + "}]");
		assertThat(policies()).containsExactly(Policy.of("api", Limit.of(1000, expected)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ratelimit.policies.api: 1/1m\nratelimit.policies.api.limits: 2/1m",
			"ratelimit.policies.api: 1/1m\nratelimit.policies.api.limits: [2/1m]",
			"ratelimit.policies.api.limits: 1/1m\nratelimit.policies.api.limits[0].permits: 5" })
	void limitsThatAreWrittenTwiceInOneFileStopTheStart(String yaml) {
		yaml(yaml);
		assertStops("the same is written as ratelimit.policies.api", "Remove one of them");
	}

	@Test
	void whatContainsABraceIsNotDividedAtItsComma() {
		yaml("ratelimit.policies.api: {limits: 1/1m, paths: \"/a/{id:[0-9]{1,9}}, /b/{x:a{2,3}|b}/c,/d\", except: \"/a/{y:1{1,2}}\"}");
		assertThat(guard("api").paths()).containsExactly("/a/{id:[0-9]{1,9}}", "/b/{x:a{2,3}|b}/c", "/d");
		assertThat(guard("api").except()).containsExactly("/a/{y:1{1,2}}");
	}

	private void yaml(String yaml) {
		try {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load(
					"file" + this.environment.getPropertySources().size(),
					new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))) {
				this.environment.getPropertySources()
					.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void variables(String... variables) {
		this.environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, map(variables)));
	}

	private void systemProperties(String... properties) {
		this.environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
					new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, map(properties)));
	}

	private static Map<String, Object> map(String... properties) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (String property : properties) {
			map.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		return map;
	}

	private Guard guard(String policy) {
		return GivenPolicies.guards(ConfigurationReader.read(this.environment)).apply(policy);
	}

	private List<Policy> policies() {
		return GivenPolicies.policies(ConfigurationReader.read(this.environment));
	}

	private void assertStops(String... parts) {
		assertThatExceptionOfType(InvalidRateLimitException.class).isThrownBy(this::policies)
			.satisfies((failure) -> assertThat(text(failure)).contains(parts));
	}

	private static String text(@Nullable InvalidRateLimitException failure) {
		return failure.getMessage() + "\n" + failure.action();
	}

}
