package io.ratelimit.spring.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.ratelimit.BoundClaim;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.TokenBucket;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.OuterList;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is decided, the header fields of it are well-formed and teach clients no more
 * than the limits allow. They are read by a parser that is not ours.
 */
class WellFormedFieldsTests {

	private static final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_500L));

	private final GivenDecisions given = new GivenDecisions();

	@Test
	void whatIsWrittenIsWellFormedAndTeachesNoHigherRateThanTheLimits() {
		Random random = new Random(9651);
		for (int i = 0; i < 300; i++) {
			List<Policy> policies = policies(random);
			for (int j = 0; j < 50; j++) {
				this.given.pass(Duration.ofNanos(Math.round(Math.exp(random.nextDouble() * 25))));
				List<Decision> decisions = this.given.take(policies.stream()
					.map((policy) -> this.given.claim(policy, "k", random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1))
					.toArray(BoundClaim[]::new));
				boolean shadow = random.nextBoolean();
				check(decisions, shadow);
				check06(decisions, shadow);
			}
		}
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
		return policies.stream().map(WellFormedFieldsTests::withNames).toList();
	}

	private static Policy withNames(Policy policy) {
		return policy
			.withLimits(policy.limits().stream().map((limit) -> limit.withName(policy.name() + limit.name())).toList());
	}

}
