package io.ratelimit.spring.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.ratelimit.BoundClaim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What header fields say, in every style.
 */
class HeaderFieldsTests {

	private static final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_500L));

	private final GivenDecisions given = new GivenDecisions();

	@Test
	void whatIsLeftOfALargeBucketIsNoMoreThanItsQuota() {
		Policy policy = Policy.of("search", Limit.valueOf("5/10s token-bucket burst 20"));
		List<Decision> decisions = this.given.take(this.given.claim(policy, "k", 1));
		assertThat(fields(HeaderStyle.DRAFT, decisions)).containsExactly("RateLimit-Policy: \"search\";q=20;w=40",
				"RateLimit: \"search\";r=19;t=38");
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).containsExactly("RateLimit-Limit: 20",
				"RateLimit-Remaining: 19", "RateLimit-Reset: 38", "RateLimit-Policy: 20;w=40");
		assertThat(fields(HeaderStyle.X_RATELIMIT, decisions)).containsExactly("X-RateLimit-Limit: 20",
				"X-RateLimit-Remaining: 19", "X-RateLimit-Reset: 1700000039");
	}

	@Test
	void whatIsLeftOfALeakyBucketIsNoMoreThanItsQuota() {
		Policy policy = Policy.of("jobs", Limit.valueOf("1/1s leaky-bucket max-wait 10s"));
		assertThat(fields(HeaderStyle.DRAFT, this.given.take(this.given.claim(policy, "k", 1))))
			.containsExactly("RateLimit-Policy: \"jobs\";q=11;w=11", "RateLimit: \"jobs\";r=10;t=10");
	}

	@Test
	void aSmallBucketKeepsThePermitsOfItsLimit() {
		Policy policy = Policy.of("search", Limit.valueOf("100/1m token-bucket burst 10"));
		assertThat(fields(HeaderStyle.DRAFT, this.given.take(this.given.claim(policy, "k", 1))))
			.containsExactly("RateLimit-Policy: \"search\";q=100;w=60", "RateLimit: \"search\";r=9;t=6");
	}

	@Test
	void aCostThatCanNeverFitHasAResetAndNothingElseThatOneCouldWaitFor() {
		Policy policy = Policy.of("api", Limit.valueOf("5/1m"));
		assertThat(fields(HeaderStyle.DRAFT_06, this.given.take(this.given.claim(policy, "k", 6)))).containsExactly(
				"RateLimit-Limit: 5", "RateLimit-Remaining: 5", "RateLimit-Reset: 60", "RateLimit-Policy: 5;w=60");
		this.given.take(this.given.claim(policy, "k", 5));
		this.given.pass(Duration.ofSeconds(15));
		List<Decision> decisions = this.given.take(this.given.claim(policy, "k", 6));
		assertThat(decisions.get(0).retryAfterNanos()).isEqualTo(Decision.NEVER);
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).containsExactly("RateLimit-Limit: 5",
				"RateLimit-Remaining: 0", "RateLimit-Reset: 45", "RateLimit-Policy: 5;w=60");
		assertThat(fields(HeaderStyle.X_RATELIMIT, decisions)).containsExactly("X-RateLimit-Limit: 5",
				"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1700000046");
		assertThat(fields(HeaderStyle.DRAFT, decisions)).containsExactly("RateLimit-Policy: \"api\";q=5;w=60",
				"RateLimit: \"api\";r=0;t=45");
	}

	@Test
	void draft06IsAboutThePolicyWithTheLowerRemainder() {
		List<Decision> decisions = this.given.take(
				this.given.claim(Policy.of("hour", Limit.valueOf("1000/1h")), "k", 500),
				this.given.claim(Policy.of("second", Limit.valueOf("10/1s")), "k", 1));
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).contains("RateLimit-Limit: 10", "RateLimit-Remaining: 9");
		assertThat(fields(HeaderStyle.X_RATELIMIT, decisions)).contains("X-RateLimit-Limit: 10",
				"X-RateLimit-Remaining: 9");
		assertThat(fields(HeaderStyle.DRAFT, decisions)).contains("RateLimit: \"hour\";r=500;t=3660");
	}

	@Test
	void draft06ListsAQuotaOnce() {
		List<Decision> decisions = this.given.take(this.given
			.claim(Policy.of("a", Limit.valueOf("10/1s"), Limit.valueOf("10/1m"), Limit.valueOf("20/1h")), "k", 1),
				this.given.claim(Policy.of("b", Limit.valueOf("20/1m")), "k", 1));
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).contains("RateLimit-Policy: 10;w=60, 20;w=3600");
	}

	@Test
	void aRequestWithoutAKeyHasNoQuotaThatSomethingIsLeftOf() {
		Policy policy = Policy.of("api", Limit.valueOf("5/1m"));
		Decision other = this.given.take(this.given.claim(Policy.of("other", Limit.valueOf("5/1m")), "k", 1)).get(0);
		List<Decision> decisions = List.of(other, Decision.withoutKey(policy));
		assertThat(fields(HeaderStyle.DRAFT, decisions))
			.containsExactly("RateLimit-Policy: \"other\";q=5;w=60, \"api\";q=5;w=60");
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).containsExactly("RateLimit-Policy: 5;w=60");
		assertThat(fields(HeaderStyle.X_RATELIMIT, decisions)).isEmpty();
	}

	@Test
	void aRequestThatCouldNotBeCountedSaysNothingOfLimitsThatDidNotRefuseIt() {
		Decision other = this.given.take(this.given.claim(Policy.of("other", Limit.valueOf("5/1m")), "k", 1)).get(0);
		List<Decision> decisions = List.of(other, Decision.notCounted(Policy.of("api", Limit.valueOf("5/1m")), false));
		assertThat(fields(HeaderStyle.DRAFT, decisions)).containsExactly("RateLimit-Policy: \"other\";q=5;w=60");
	}

	@Test
	void theTimeOfARefusalIsItsWaitAndWhatIsLeftIsNoMoreThanThatTimeGrants() {
		Policy policy = Policy.of("api", Limit.valueOf("10/100s"));
		this.given.take(this.given.claim(policy, "k", 2));
		this.given.pass(Duration.ofSeconds(98));
		this.given.take(this.given.claim(policy, "k", 4));
		List<Decision> decisions = this.given.take(this.given.claim(policy, "k", 5));
		assertThat(decisions.get(0).remaining()).isEqualTo(4);
		assertThat(fields(HeaderStyle.DRAFT, decisions)).contains("RateLimit: \"api\";r=0;t=2");
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).contains("RateLimit-Remaining: 0", "RateLimit-Reset: 2");
	}

	@Test
	void whatManyPoliciesSayIsBounded() {
		BoundClaim[] claims = IntStream.range(0, 120)
			.mapToObj((i) -> this.given.claim(
					Policy.of("p".repeat(58) + i, Limit.valueOf((1000 + i) + "/1h"), Limit.valueOf("5/1m")), "k",
					(i == 119) ? 5 : 1))
			.toArray(BoundClaim[]::new);
		List<Decision> allowed = this.given.take(claims);
		String binding = "\"" + "p".repeat(58) + "119-1m\";";
		for (HeaderStyle style : HeaderStyle.values()) {
			assertThat(fields(style, allowed)).allSatisfy((field) -> assertThat(field).hasSizeLessThan(2100));
		}
		assertThat(field(HeaderStyle.DRAFT, allowed, "RateLimit-Policy")).startsWith(binding + "q=5;w=60, ");
		assertThat(field(HeaderStyle.DRAFT, allowed, "RateLimit")).isEqualTo(binding + "r=0;t=60");
		assertThat(field(HeaderStyle.DRAFT_06, allowed, "RateLimit-Policy")).isNotEmpty();
		for (int i = 0; i < 4; i++) {
			claims = IntStream.range(0, 119)
				.mapToObj((j) -> allowed.get(j).policy())
				.map((policy) -> this.given.claim(policy, "k", 1))
				.toArray(BoundClaim[]::new);
			this.given.take(claims);
		}
		this.given.pass(Duration.ofSeconds(10));
		List<Decision> refused = new ArrayList<>(this.given.take(claims));
		assertThat(refused).noneMatch(Decision::allowed);
		Policy year = Policy.of("y".repeat(60), Limit.valueOf("1/300d"));
		this.given.take(this.given.claim(year, "k", 1));
		refused.addAll(this.given.take(this.given.claim(year, "k", 1)));
		assertThat(field(HeaderStyle.DRAFT, refused, "RateLimit-Policy"))
			.startsWith("\"" + "y".repeat(60) + "\";q=1;w=")
			.hasSizeBetween(1900, 2048);
		assertThat(field(HeaderStyle.DRAFT, refused, "RateLimit"))
			.startsWith("\"" + "y".repeat(60) + "\";r=0;t=25920000")
			.hasSizeBetween(1900, 2048);
		assertThat(field(HeaderStyle.DRAFT_06, refused, "RateLimit-Limit")).isEqualTo("1");
	}

	@Test
	void draft06ListsTheQuotaThatBindsFirstWhereThereIsNoRoomForAll() {
		Limit[] limits = IntStream.range(0, 300)
			.mapToObj((i) -> Limit.valueOf((i + 1_000_000) + "/1h").withName("l" + i))
			.toArray(Limit[]::new);
		BoundClaim all = this.given.claim(Policy.of("all", limits), "k", 1);
		BoundClaim few = this.given.claim(Policy.of("few", Limit.valueOf("7/1m")), "k", 1);
		String policies = field(HeaderStyle.DRAFT_06, this.given.take(all, few), "RateLimit-Policy");
		assertThat(policies).startsWith("7;w=60, 1000000;w=3600, ").hasSizeBetween(2000, 2048);
	}

	@Test
	void policiesInShadowModeAreToldOfWhereThatIsAskedFor() {
		Policy policy = Policy.of("trial", Limit.valueOf("1/1m"), Limit.valueOf("1/1h")).withMode(Mode.SHADOW);
		this.given.take(this.given.claim(policy, "k", 1));
		List<Decision> decisions = this.given.take(this.given.claim(policy, "k", 1));
		assertThat(fields(HeaderStyle.DRAFT, decisions)).isEmpty();
		assertThat(fields(HeaderStyle.DRAFT.headers(clock, HeaderStyle.XReset.EPOCH, true), decisions)).containsExactly(
				"RateLimit-Policy: \"trial-1m\";q=1;w=60, \"trial-1h\";q=1;w=3600",
				"RateLimit: \"trial-1h\";r=0;t=3600, \"trial-1m\";r=0;t=60");
	}

	@Test
	void theEnforcedFormOfAPolicyInShadowModeIsMadeOnce() {
		List<Policy> seen = new ArrayList<>();
		RateLimitHeaders headers = new ShadowHeaders(
				(response, decisions) -> decisions.forEach((decision) -> seen.add(decision.policy())));
		Policy policy = Policy.of("trial", Limit.valueOf("2/1m")).withMode(Mode.SHADOW);
		for (int i = 0; i < 3; i++) {
			headers.write(new GivenResponse(), this.given.take(this.given.claim(policy, "k", 1)));
		}
		assertThat(seen).hasSize(3).allSatisfy((enforced) -> assertThat(enforced).isSameAs(seen.get(0)));
		assertThat(seen.get(0)).isEqualTo(policy.withMode(Mode.ENFORCE));
		Policy changed = policy.withLimits(List.of(Limit.valueOf("3/1m")));
		headers.write(new GivenResponse(), List.of(Decision.allowed(changed, changed.limits().get(0), 1, 0, 1)));
		assertThat(seen.get(3)).isEqualTo(changed.withMode(Mode.ENFORCE));
	}

	private static String field(HeaderStyle style, List<Decision> decisions, String name) {
		GivenResponse response = new GivenResponse();
		style.headers(clock, HeaderStyle.XReset.EPOCH, false).write(response, decisions);
		return String.valueOf(response.field(name));
	}

	private static List<String> fields(HeaderStyle style, List<Decision> decisions) {
		return fields(style.headers(clock, HeaderStyle.XReset.EPOCH, false), decisions);
	}

	private static List<String> fields(RateLimitHeaders headers, List<Decision> decisions) {
		GivenResponse response = new GivenResponse();
		headers.write(response, decisions);
		return response.fields().entrySet().stream().map((field) -> field.getKey() + ": " + field.getValue()).toList();
	}

}
