package io.ratelimit.spring.autoconfigure;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.spring.policy.Guard.MissingKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What several sources together say, each in its own spelling.
 */
class ConfigurationReaderTests {

	private final WrittenConfiguration written = new WrittenConfiguration();

	@Test
	void aVariableOverridesTheShortForm() {
		this.written.yaml("ratelimit.policies.exports: 2/1h");
		this.written.variables("RATELIMIT_POLICIES_EXPORTS_LIMITS=100/1h");
		assertThat(this.written.policies()).containsExactly(Policy.of("exports", Limit.valueOf("100/1h")));
	}

	@Test
	void aShortFormInAProfileOverridesTheLongFormInTheFile() {
		this.written.yaml(
				"ratelimit.policies.api: {limits: [{permits: 5, window: 1m, algorithm: token-bucket, burst: 9}], paths: /api/**}");
		this.written.yaml("ratelimit.policies.api: 7/1m");
		assertThat(this.written.policies()).containsExactly(Policy.of("api", Limit.valueOf("7/1m")));
		assertThat(this.written.guard("api").paths()).containsExactly("/api/**");
	}

	@Test
	void aLongFormInAProfileOverridesTheShortFormInTheFile() {
		this.written.yaml("ratelimit.policies.api: 7/1m");
		this.written.yaml("ratelimit.policies.api.limits: [{permits: 5, window: 1m}]");
		assertThat(this.written.policies()).containsExactly(Policy.of("api", Limit.valueOf("5/1m")));
	}

	@Test
	void aListOfLimitsIsOverriddenAsAWhole() {
		this.written.yaml("ratelimit.policies.api.limits: [1/1s, 2/1m, {permits: 5, window: 1h}]");
		this.written.variables("RATELIMIT_POLICIES_API_LIMITS_0_=9/1s");
		assertThat(this.written.policies()).containsExactly(Policy.of("api", Limit.valueOf("9/1s")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "searchApi", "login-user", "Login_User", "API" })
	void aVariableMakesNoSecondPolicy(String name) {
		this.written.yaml("ratelimit.policies." + name + ": {limits: 1/1m, missing-key: deny}");
		this.written.variables("RATELIMIT_POLICIES_" + PropertyNames.uniform(name).toUpperCase(java.util.Locale.ROOT)
				+ "_LIMITS=9/1m");
		assertThat(this.written.policies()).containsExactly(Policy.of(name, Limit.valueOf("9/1m")));
		assertThat(this.written.guard(name).missingKey()).isEqualTo(MissingKey.DENY);
	}

	@Test
	void aPolicyWithDotsIsOverriddenByAVariableToo() {
		this.written.yaml("ratelimit.policies.\"[my.api]\".limits: 1/1m");
		this.written.variables("RATELIMIT_POLICIES_MYAPI_LIMITS=9/1m", "RATELIMIT_POLICIES_MYAPI_KEY=global");
		assertThat(this.written.policies()).containsExactly(Policy.of("my.api", Limit.valueOf("9/1m")));
		assertThat(this.written.guard("my.api").key()).isEqualTo("global");
	}

	@Test
	void aNumberCanBeTheNameOfAPolicy() {
		this.written.yaml("ratelimit.policies.404.limits: 1/1m");
		this.written.variables("RATELIMIT_POLICIES_404_MODE=shadow");
		assertThat(this.written.policies())
			.containsExactly(Policy.of("404", Limit.valueOf("1/1m")).withMode(Mode.SHADOW));
	}

	@Test
	void aSystemPropertyMakesNoSecondPolicy() {
		this.written.yaml("ratelimit.policies.searchApi: 1/1m");
		this.written.systemProperties("ratelimit.policies.search-api.limits=9/1m");
		assertThat(this.written.policies()).containsExactly(Policy.of("searchApi", Limit.valueOf("9/1m")));
	}

	@Test
	void aVariableAloneMakesAPolicy() {
		this.written.variables("RATELIMIT_POLICIES_API_LIMITS=1/1m", "RATELIMIT_POLICIES_API_PATHS=/api/**",
				"RATELIMIT_HTTP_TRUSTEDPROXIES=10.0.0.0/8", "RATELIMIT_STORE=caffeine");
		assertThat(this.written.policies()).containsExactly(Policy.of("api", Limit.valueOf("1/1m")));
	}

	@Test
	void aFileMayDivideThePropertiesOfAShortForm() {
		this.written.yaml("""
				ratelimit.policies.api: 1/1m
				ratelimit.policies.api.paths: /api/**
				""");
		assertThat(this.written.policies()).containsExactly(Policy.of("api", Limit.valueOf("1/1m")));
		assertThat(this.written.guard("api").paths()).containsExactly("/api/**");
	}

	@Test
	void defaultsHaveAShortFormToo() {
		this.written
			.yaml("ratelimit: {defaults: {limits: [{permits: 1, window: 1m}]}, policies: {api: {paths: /api}}}");
		this.written.variables("RATELIMIT_DEFAULTS=2/1m");
		assertThat(this.written.policies()).containsExactly(Policy.of("api", Limit.valueOf("2/1m")));
	}

	@Test
	void anEmptyBlockIsNone() {
		this.written.yaml("ratelimit: {policies: , http: , caffeine: }");
		assertThat(this.written.policies()).isEmpty();
	}

	@Test
	void anEmptyRootIsNone() {
		this.written.yaml("ratelimit:");
		this.written.arguments("--ratelimit=");
		assertThat(this.written.policies()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ratelimit: 5", "rateLimit: 5", "rate-limit: 5/1h", "ratelimit: enabled" })
	void aValueOfTheRootStopsTheStart(String yaml) {
		this.written.yaml(yaml);
		this.written.assertStops("there is no such property", yaml.substring(yaml.indexOf(' ') + 1),
				" there can be enabled, failure-mode, defaults, policies");
	}

	@Test
	void aValueOfTheRootStopsTheStartInArgumentsAndSystemPropertiesToo() {
		this.written.systemProperties("ratelimit=6");
		this.written.assertStops("ratelimit = '6'", "there is no such property");
		this.written.arguments("--ratelimit=5");
		this.written.assertStops("ratelimit = '5'", "there is no such property");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ratelimit: [5/1h]                  | ratelimit is a block and no list
			ratelimit.http: [5/1h]             | ratelimit.http is a block and no list
			ratelimit.policies.api: [5/1h, 6/1d] | write ratelimit.policies.api.limits[0]
			ratelimit.defaults: [5/1h]         | write ratelimit.defaults.limits[0]
			""")
	void aListInPlaceOfABlockStopsTheStart(String yaml, String right) {
		this.written.yaml(yaml);
		this.written.assertStops("there is no such property", right);
	}

	/**
	 * It can be another program's.
	 */
	@Test
	void aVariableOfTheNameOfTheRootIsNoProperty() {
		this.written.variables("RATELIMIT=5");
		assertThat(this.written.policies()).isEmpty();
	}

	@Test
	void variablesThatKubernetesMakesOfAServiceAreNoProperties() {
		this.written.variables("RATELIMIT_SERVICE_HOST=10.0.0.1", "RATELIMIT_SERVICE_PORT=8081",
				"RATELIMIT_SERVICE_PORT_GRPC=8081", "RATELIMIT_PORT=tcp://10.0.0.1:8081",
				"RATELIMIT_PORT_8081_TCP=tcp://10.0.0.1:8081", "RATELIMIT_PORT_8081_TCP_PROTO=tcp",
				"RATELIMIT_PORT_8081_TCP_ADDR=10.0.0.1", "RATELIMIT_REDIS_SERVICE_HOST=10.0.0.2",
				"RATELIMIT_REDIS_PORT=tcp://10.0.0.2:6379");
		assertThat(this.written.policies()).isEmpty();
	}

	@Test
	void aVariableThatLooksLikeOneOfKubernetesIsAPropertyIfItIsOne() {
		this.written.variables("RATELIMIT_POLICIES_PORT=1/1m", "RATELIMIT_POLICIES_API_LIMITS_0_PERMITS=5",
				"RATELIMIT_POLICIES_API_LIMITS_0_WINDOW=1m", "RATELIMIT_POLICIES_API_LIMITS_0_NAME=fast");
		assertThat(this.written.policies()).containsExactlyInAnyOrder(Policy.of("port", Limit.valueOf("1/1m")),
				Policy.of("api", Limit.valueOf("5/1m").withName("fast")));
	}

	@ParameterizedTest
	@CsvSource({ "login, Login", "login-user, loginUser", "login_user, loginuser", "api.v1, api.V1" })
	void namesThatAreOneToSpringBootStopTheStart(String one, String other) {
		this.written
			.yaml("ratelimit.policies." + one + ": {limits: 1/1m}\nratelimit.policies." + other + ": {limits: 1/1m}");
		this.written.assertStops(one.contains(".") ? "written in brackets" : "'" + one + "'",
				one.contains(".") ? "api" : "'" + other + "'");
	}

	@Test
	void namesThatAreOneToSpringBootStopTheStartInTwoFilesToo() {
		this.written.yaml("ratelimit.policies.login: 100/1m");
		this.written.yaml("ratelimit.policies.Login: 3/1m");
		this.written.assertStops("'login'", "'Login'", "are one to Spring Boot", "Spell the name alike");
	}

	@Test
	void namesInBracketsAreTakenLetterByLetter() {
		this.written.yaml("ratelimit.policies: {\"[v1.1]\": 1/1m, v11: 2/1m}");
		assertThat(this.written.policies()).extracting(Policy::name).containsExactlyInAnyOrder("v1.1", "v11");
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
		this.written.variables(variable);
		this.written.assertStops(quoted, "there is no such property", right);
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
		this.written.systemProperties(property);
		this.written.assertStops(quoted, "there is no such property", right);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ratelimit.policies.api: 1/1m\nratelimit.policies.api.limits: 2/1m",
			"ratelimit.policies.api: 1/1m\nratelimit.policies.api.limits: [2/1m]",
			"ratelimit.policies.api.limits: 1/1m\nratelimit.policies.api.limits[0].permits: 5" })
	void limitsThatAreWrittenTwiceInOneFileStopTheStart(String yaml) {
		this.written.yaml(yaml);
		this.written.assertStops("the same is written as ratelimit.policies.api", "Remove one of them");
	}

	@Test
	void whatContainsABraceIsNotDividedAtItsComma() {
		this.written.yaml(
				"ratelimit.policies.api: {limits: 1/1m, paths: \"/a/{id:[0-9]{1,9}}, /b/{x:a{2,3}|b}/c,/d\", except: \"/a/{y:1{1,2}}\"}");
		assertThat(this.written.guard("api").paths()).containsExactly("/a/{id:[0-9]{1,9}}", "/b/{x:a{2,3}|b}/c", "/d");
		assertThat(this.written.guard("api").except()).containsExactly("/a/{y:1{1,2}}");
	}

}
