package io.ratelimit.spring.autoconfigure;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where messages say that a mistake stands, when several sources say something there.
 */
class WrittenPlaceTests {

	private final WrittenConfiguration written = new WrittenConfiguration();

	@BeforeEach
	void writeAFile() {
		this.written.yaml("""
				ratelimit.policies.api:
				  limits: 5/1h
				  paths: /api/**
				""");
	}

	@Test
	void itIsWhereTheLongFormStandsThatWins() {
		this.written.arguments("--ratelimit.policies.api.limits[0].permits=5",
				"--ratelimit.policies.api.limits[0].window=60s", "--ratelimit.policies.api.limits[0].burst=7");
		assertThat(this.written.description()).contains("a burst belongs to algorithm token-bucket")
			.contains("It stands in ratelimit.policies.api.limits[0].", "limits[0].burst = '7'", "commandLineArgs")
			.doesNotContain("5/1h");
	}

	@Test
	void whatIsMissingIsMissingWhereTheRestStands() {
		this.written.variables("RATELIMIT_POLICIES_API_LIMITS_0_BURST=9", "RATELIMIT_POLICIES_API_LIMITS_0_WINDOW=1m");
		assertThat(this.written.description()).contains("a limit without permits")
			.contains("ratelimit.policies.api.limits[0].window = '1m'", "RATELIMIT_POLICIES_API_LIMITS_0_WINDOW")
			.doesNotContain("5/1h");
	}

	@Test
	void anEmptyPolicyIsWhereItWins() {
		this.written.arguments("--ratelimit.policies.api=");
		assertThat(this.written.description()).contains("policy 'api' has no limits")
			.contains("It stands in ratelimit.policies.api = ''", "commandLineArgs")
			.doesNotContain("5/1h");
	}

	@Test
	void emptyLimitsAreWhereTheyWin() {
		this.written.variables("RATELIMIT_POLICIES_API_LIMITS=");
		assertThat(this.written.description()).contains("policy 'api' has no limits")
			.contains("It stands in ratelimit.policies.api.limits = ''", "RATELIMIT_POLICIES_API_LIMITS")
			.doesNotContain("5/1h");
	}

	@Test
	void aShortFormInAnArgumentIsWhereItWins() {
		this.written.arguments("--ratelimit.policies.api=3/1m, 4/1m");
		assertThat(this.written.description()).contains("two limits of policy 'api' are both called")
			.contains("It stands in ratelimit.policies.api = '3/1m, 4/1m'")
			.doesNotContain("5/1h");
	}

	@Test
	void ofAPolicyWhoseLimitsDoNotGoTogetherTheLimitsAreTold() {
		this.written.yaml("ratelimit.policies.other: {paths: /other/**, limits: [3/1m, 4/1m]}");
		this.written.variables("RATELIMIT_POLICIES_OTHER_KEY=global");
		assertThat(this.written.description()).contains("two limits of policy 'other' are both called")
			.contains("It stands in ratelimit.policies.other.limits[0] = '3/1m'", "limits[1] = '4/1m'")
			.doesNotContain("/other/**", "global");
	}

	@Test
	void oneOfSeveralLimitsIsTheOneThatIsWrong() {
		this.written.systemProperties("ratelimit.policies.api.limits[0]=1/1m",
				"ratelimit.policies.api.limits[1].permits=0", "ratelimit.policies.api.limits[1].window=1h");
		assertThat(this.written.description()).contains("a limit of 0 permits")
			.contains("It stands in ratelimit.policies.api.limits[1].", "limits[1].permits = '0'",
					"limits[1].window = '1h'", "systemProperties")
			.doesNotContain("5/1h", "1/1m'");
	}

	@Test
	void whatPoliciesInheritStandsInTheDefaults() {
		this.written.yaml("ratelimit: {defaults.limits: [{permits: 5}], policies.other.key: ip}");
		assertThat(this.written.description()).contains("ratelimit.policies.other.limits[0]: a limit without a window")
			.contains("It stands in ratelimit.defaults.limits[0].permits = '5'");
	}

	@Test
	void aCostWithoutPathsIsWhereItStandsAndNotWhereTheLimitsDo() {
		this.written.yaml("ratelimit.policies.other.cost: 3");
		this.written.arguments("--ratelimit.policies.other=9/1h");
		assertThat(this.written.description()).contains("a cost is what a request takes")
			.contains("It stands in ratelimit.policies.other.cost = '3'")
			.doesNotContain("9/1h");
	}

}
