package io.ratelimit.spring.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.TokenBucket;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.OuterList;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Header fields in every style, read by a parser that is not ours.
 */
class HeaderFieldsTests {

	private static final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_500L));

	private final AtomicLong nanos = new AtomicLong(1_000_000_007L);

	private final CaffeineRateLimitStore store = CaffeineRateLimitStore.builder().ticker(this.nanos::get).build();

	private final Map<String, BoundPolicy> bound = new HashMap<>();

	@Test
	void whatIsLeftOfALargeBucketIsNoMoreThanItsQuota() {
		Policy policy = Policy.of("search", Limit.valueOf("5/10s token-bucket burst 20"));
		List<Decision> decisions = take(claim(policy, "k", 1));
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
		assertThat(fields(HeaderStyle.DRAFT, take(claim(policy, "k", 1))))
			.containsExactly("RateLimit-Policy: \"jobs\";q=11;w=11", "RateLimit: \"jobs\";r=10;t=10");
	}

	@Test
	void aSmallBucketKeepsThePermitsOfItsLimit() {
		Policy policy = Policy.of("search", Limit.valueOf("100/1m token-bucket burst 10"));
		assertThat(fields(HeaderStyle.DRAFT, take(claim(policy, "k", 1))))
			.containsExactly("RateLimit-Policy: \"search\";q=100;w=60", "RateLimit: \"search\";r=9;t=6");
	}

	@Test
	void aCostThatCanNeverFitHasAResetAndNothingElseThatOneCouldWaitFor() {
		Policy policy = Policy.of("api", Limit.valueOf("5/1m"));
		assertThat(fields(HeaderStyle.DRAFT_06, take(claim(policy, "k", 6)))).containsExactly("RateLimit-Limit: 5",
				"RateLimit-Remaining: 5", "RateLimit-Reset: 60", "RateLimit-Policy: 5;w=60");
		take(claim(policy, "k", 5));
		this.nanos.addAndGet(Duration.ofSeconds(15).toNanos());
		List<Decision> decisions = take(claim(policy, "k", 6));
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
		List<Decision> decisions = take(claim(Policy.of("hour", Limit.valueOf("1000/1h")), "k", 500),
				claim(Policy.of("second", Limit.valueOf("10/1s")), "k", 1));
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).contains("RateLimit-Limit: 10", "RateLimit-Remaining: 9");
		assertThat(fields(HeaderStyle.X_RATELIMIT, decisions)).contains("X-RateLimit-Limit: 10",
				"X-RateLimit-Remaining: 9");
		assertThat(fields(HeaderStyle.DRAFT, decisions)).contains("RateLimit: \"hour\";r=500;t=3660");
	}

	@Test
	void draft06ListsAQuotaOnce() {
		List<Decision> decisions = take(
				claim(Policy.of("a", Limit.valueOf("10/1s"), Limit.valueOf("10/1m"), Limit.valueOf("20/1h")), "k", 1),
				claim(Policy.of("b", Limit.valueOf("20/1m")), "k", 1));
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).contains("RateLimit-Policy: 10;w=60, 20;w=3600");
	}

	@Test
	void aRequestWithoutAKeyHasNoQuotaThatSomethingIsLeftOf() {
		Policy policy = Policy.of("api", Limit.valueOf("5/1m"));
		Decision other = take(claim(Policy.of("other", Limit.valueOf("5/1m")), "k", 1)).get(0);
		List<Decision> decisions = List.of(other, Decision.withoutKey(policy));
		assertThat(fields(HeaderStyle.DRAFT, decisions))
			.containsExactly("RateLimit-Policy: \"other\";q=5;w=60, \"api\";q=5;w=60");
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).containsExactly("RateLimit-Policy: 5;w=60");
		assertThat(fields(HeaderStyle.X_RATELIMIT, decisions)).isEmpty();
	}

	@Test
	void aRequestThatCouldNotBeCountedSaysNothingOfLimitsThatDidNotRefuseIt() {
		Decision other = take(claim(Policy.of("other", Limit.valueOf("5/1m")), "k", 1)).get(0);
		List<Decision> decisions = List.of(other, Decision.notCounted(Policy.of("api", Limit.valueOf("5/1m")), false));
		assertThat(fields(HeaderStyle.DRAFT, decisions)).containsExactly("RateLimit-Policy: \"other\";q=5;w=60");
	}

	@Test
	void theTimeOfARefusalIsItsWaitAndWhatIsLeftIsNoMoreThanThatTimeGrants() {
		Policy policy = Policy.of("api", Limit.valueOf("10/100s"));
		take(claim(policy, "k", 2));
		this.nanos.addAndGet(Duration.ofSeconds(98).toNanos());
		take(claim(policy, "k", 4));
		List<Decision> decisions = take(claim(policy, "k", 5));
		assertThat(decisions.get(0).remaining()).isEqualTo(4);
		assertThat(fields(HeaderStyle.DRAFT, decisions)).contains("RateLimit: \"api\";r=0;t=2");
		assertThat(fields(HeaderStyle.DRAFT_06, decisions)).contains("RateLimit-Remaining: 0", "RateLimit-Reset: 2");
	}

	@Test
	void whatManyPoliciesSayIsBounded() {
		BoundClaim[] claims = IntStream.range(0, 120)
			.mapToObj((i) -> claim(
					Policy.of("p".repeat(58) + i, Limit.valueOf((1000 + i) + "/1h"), Limit.valueOf("5/1m")), "k",
					(i == 119) ? 5 : 1))
			.toArray(BoundClaim[]::new);
		List<Decision> allowed = take(claims);
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
				.map((policy) -> claim(policy, "k", 1))
				.toArray(BoundClaim[]::new);
			take(claims);
		}
		this.nanos.addAndGet(Duration.ofSeconds(10).toNanos());
		List<Decision> refused = new ArrayList<>(take(claims));
		assertThat(refused).noneMatch(Decision::allowed);
		Policy year = Policy.of("y".repeat(60), Limit.valueOf("1/300d"));
		take(claim(year, "k", 1));
		refused.addAll(take(claim(year, "k", 1)));
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
		BoundClaim all = claim(Policy.of("all", limits), "k", 1);
		BoundClaim few = claim(Policy.of("few", Limit.valueOf("7/1m")), "k", 1);
		String policies = field(HeaderStyle.DRAFT_06, take(all, few), "RateLimit-Policy");
		assertThat(policies).startsWith("7;w=60, 1000000;w=3600, ").hasSizeBetween(2000, 2048);
	}

	@Test
	void whatIsWrittenIsWellFormedAndTeachesNoHigherRateThanTheLimits() {
		Random random = new Random(9651);
		for (int i = 0; i < 300; i++) {
			List<Policy> policies = policies(random);
			for (int j = 0; j < 50; j++) {
				this.nanos.addAndGet(Math.round(Math.exp(random.nextDouble() * 25)));
				List<Decision> decisions = take(policies.stream()
					.map((policy) -> claim(policy, "k", random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1))
					.toArray(BoundClaim[]::new));
				boolean shadow = random.nextBoolean();
				check(decisions, shadow);
				check06(decisions, shadow);
			}
		}
	}

	@Test
	void policiesInShadowModeAreToldOfWhereThatIsAskedFor() {
		Policy policy = Policy.of("trial", Limit.valueOf("1/1m"), Limit.valueOf("1/1h")).withMode(Mode.SHADOW);
		take(claim(policy, "k", 1));
		List<Decision> decisions = take(claim(policy, "k", 1));
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
			headers.write(new GivenResponse(), take(claim(policy, "k", 1)));
		}
		assertThat(seen).hasSize(3).allSatisfy((enforced) -> assertThat(enforced).isSameAs(seen.get(0)));
		assertThat(seen.get(0)).isEqualTo(policy.withMode(Mode.ENFORCE));
		Policy changed = policy.withLimits(List.of(Limit.valueOf("3/1m")));
		headers.write(new GivenResponse(), List.of(Decision.allowed(changed, changed.limits().get(0), 1, 0, 1)));
		assertThat(seen.get(3)).isEqualTo(changed.withMode(Mode.ENFORCE));
	}

	private void check(List<Decision> decisions, boolean shadow) {
		RateLimitHeaders headers = HeaderStyle.DRAFT.headers(clock, HeaderStyle.XReset.DELTA, shadow);
		GivenResponse response = new GivenResponse();
		headers.write(response, decisions);
		String policyField = response.field("RateLimit-Policy");
		String stateField = response.field("RateLimit");
		if (policyField == null) {
			assertThat(stateField).isNull();
			return;
		}
		OuterList policies = Parser.parseList(policyField);
		assertThat(policies.serialize()).isEqualTo(policyField);
		assertThat(stateField).isNotNull();
		OuterList states = Parser.parseList(stateField);
		assertThat(states.serialize()).isEqualTo(stateField);
		for (ListElement<?> state : states.get()) {
			ListElement<?> policy = policies.get()
				.stream()
				.filter((element) -> element.get().equals(state.get()))
				.findFirst()
				.orElseThrow();
			assertThat(policy).isInstanceOf(StringItem.class);
			long quota = number(policy, "q");
			long window = number(policy, "w");
			long remaining = number(state, "r");
			long time = number(state, "t");
			assertThat(quota).isPositive();
			assertThat(window).isPositive();
			assertThat(remaining).isBetween(0L, quota);
			assertThat(time).isPositive();
			assertThat((double) remaining / time).isLessThanOrEqualTo((double) quota / window * 1.000001);
			Long retryAfter = retryAfter(decisions);
			if (retryAfter != null && !shadow) {
				assertThat(time).isLessThanOrEqualTo(retryAfter);
			}
		}
	}

	private void check06(List<Decision> decisions, boolean shadow) {
		RateLimitHeaders headers = HeaderStyle.DRAFT_06.headers(clock, HeaderStyle.XReset.DELTA, shadow);
		GivenResponse response = new GivenResponse();
		headers.write(response, decisions);
		if (response.fields().isEmpty()) {
			return;
		}
		long limit = (Long) Parser.parseItem(response.field("RateLimit-Limit")).get();
		long remaining = (Long) Parser.parseItem(response.field("RateLimit-Remaining")).get();
		long reset = (Long) Parser.parseItem(response.field("RateLimit-Reset")).get();
		assertThat(remaining).isBetween(0L, limit);
		assertThat(reset).isPositive();
		OuterList policies = Parser.parseList(response.field("RateLimit-Policy"));
		assertThat(policies.get()).extracting((policy) -> (Long) policy.get()).doesNotHaveDuplicates().contains(limit);
		Long retryAfter = retryAfter(decisions);
		if (retryAfter != null && !shadow) {
			assertThat(reset).isEqualTo(retryAfter);
		}
	}

	private static long number(ListElement<?> element, String parameter) {
		Item<?> item = element.getParams().get(parameter);
		return (Long) item.get();
	}

	/**
	 * Returns what a refusal says in {@code Retry-After}.
	 */
	private static @Nullable Long retryAfter(List<Decision> decisions) {
		long longest = decisions.stream()
			.filter(Decision::refuses)
			.mapToLong(Decision::retryAfterNanos)
			.max()
			.orElse(Decision.NEVER);
		return (longest == Decision.NEVER) ? null : Math.max(1, (longest + 999_999_999) / 1_000_000_000);
	}

	private static List<Policy> policies(Random random) {
		List<Policy> policies = new ArrayList<>();
		for (int i = 0; i <= random.nextInt(3); i++) {
			List<Limit> limits = new ArrayList<>();
			for (int j = 0; j <= random.nextInt(3); j++) {
				long permits = 1 + (long) Math.exp(random.nextDouble() * 8);
				Duration window = Duration.ofNanos(1 + Math.round(Math.exp(15 + random.nextDouble() * 20)));
				Limit limit = Limit.of(permits, window);
				limits.add((switch (random.nextInt(4)) {
					case 0 -> FixedWindow.of(limit.permits(), limit.window());
					case 1 -> TokenBucket.of(permits, window, 1 + random.nextInt(100));
					case 2 -> LeakyBucket.of(permits, window, Duration.ofMillis(random.nextInt(10_000)));
					default -> limit;
				}).withName("l" + j));
			}
			policies.add(Policy.of("p" + i, limits).withMode((random.nextInt(3) > 0) ? Mode.ENFORCE : Mode.SHADOW));
		}
		return policies.stream().map(HeaderFieldsTests::withNames).toList();
	}

	private static Policy withNames(Policy policy) {
		return policy
			.withLimits(policy.limits().stream().map((limit) -> limit.withName(policy.name() + limit.name())).toList());
	}

	private BoundClaim claim(Policy policy, String key, long permits) {
		return BoundClaim.of(this.bound.computeIfAbsent(policy.name(), (name) -> this.store.bind(policy)), key,
				permits);
	}

	private List<Decision> take(BoundClaim... claims) {
		return this.store.tryAcquireAll(List.of(claims));
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
