package io.ratelimit.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The limits of one policy are taken together or not at all, and the decision is that of
 * the limit that binds.
 */
abstract class PolicyLaws extends Laws {

	@ParameterizedTest
	@MethodSource("policies")
	void takesAllOfItsLimitsOrNone(List<Limit> limits) {
		BoundPolicy limiter = limiter(limits.toArray(new Limit[0]));
		play(limits.get(0), (trace, traffic) -> {
			List<Model> models = limits.stream().map(this::model).toList();
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims(); i++) {
				advance(traffic.pause(last));
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				check(models, permits, last, "%s, claim %s of %s".formatted(trace, i, permits));
			}
		});
	}

	private void check(List<Model> models, long permits, Decision decision, String claim) {
		List<Model> refusing = models.stream().filter((model) -> model.retryAfter(permits, now()) > 0).toList();
		assertThat(decision.allowed()).as(claim).isEqualTo(refusing.isEmpty());
		Map<Limit, Decision> expected = new HashMap<>();
		for (Model model : refusing.isEmpty() ? models : refusing) {
			expected.put(model.limit, model.tryAcquire(decision.policy(), permits, now()));
		}
		if (decision.allowed()) {
			assertThat(expected).as(claim).containsKey(decision.limit());
			Decision binding = Objects.requireNonNull(expected.get(decision.limit()));
			assertThat(decision.remaining()).as(claim).isEqualTo(binding.remaining());
			assertThat(decision.resetAfterNanos()).as(claim).isEqualTo(binding.resetAfterNanos());
			assertThat(decision.delayNanos()).as(claim)
				.isEqualTo(expected.values().stream().mapToLong(Decision::delayNanos).max().orElseThrow());
			return;
		}
		long longest = expected.values().stream().mapToLong(Decision::retryAfterNanos).max().orElseThrow();
		assertThat(decision.retryAfterNanos()).as(claim).isEqualTo(longest);
		List<Decision> told = new ArrayList<>();
		for (Decision next = decision; next != null; next = next.next()) {
			told.add(Decision.denied(next.policy(), next.limit(), next.remaining(), next.retryAfterNanos(),
					next.resetAfterNanos(), null));
		}
		assertThat(told).as(claim).containsExactlyInAnyOrderElementsOf(expected.values());
	}

	@ParameterizedTest
	@MethodSource("policies")
	void passesAtTheLongestWaitOfItsLimitsAndNotBefore(List<Limit> limits) {
		BoundPolicy limiter = limiter(limits.toArray(new Limit[0]));
		long most = limiter.policy().capacity();
		play(limits.get(0), (trace, traffic) -> {
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 2; i++) {
				advance(traffic.pause(last));
				long permits = Math.min(traffic.permits(last), most);
				last = limiter.tryAcquire(trace, permits);
				if (!last.allowed()) {
					advance(last.retryAfterNanos() - step());
					assertThat(limiter.tryAcquire(trace, permits).allowed()).as(trace).isFalse();
					advance(step());
					last = limiter.tryAcquire(trace, permits);
					assertThat(last.allowed()).as(trace).isTrue();
				}
			}
		});
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 100 })
	void aRefusalByOneLimitIsNotChargedToAnother(long each) {
		Limit second = Limit.of(2 * each, Duration.ofSeconds(1));
		Limit hour = Limit.of(5 * each, Duration.ofHours(1));
		for (Limit[] limits : List.of(new Limit[] { second, hour }, new Limit[] { hour, second })) {
			reopenStore();
			BoundPolicy limiter = limiter(limits);
			assertThat(limiter.tryAcquire("key", 2 * each).allowed()).isTrue();
			for (int i = 0; i < 50; i++) {
				assertThat(limiter.tryAcquire("key", each).allowed()).isFalse();
			}
			advance(Duration.ofSeconds(2));
			assertThat(limiter.tryAcquire("key", 2 * each).allowed()).isTrue();
			advance(Duration.ofSeconds(2));
			assertThat(limiter.tryAcquire("key", 2 * each).allowed()).isFalse();
			assertThat(limiter.tryAcquire("key", each).allowed()).isTrue();
			assertThat(limiter.tryAcquire("key", each).allowed()).isFalse();
		}
	}

	@Test
	void theLimitWithTheLeastLeftForItsSizeBinds() {
		Limit second = Limit.valueOf("10/1s");
		Limit hour = Limit.valueOf("40/1h");
		BoundPolicy limiter = limiter(hour, second);
		assertThat(limiter.tryAcquire("key", 4)).matches((decision) -> decision.limit().equals(second))
			.matches((decision) -> decision.remaining() == 6);
		assertThat(limiter.peek("key").remaining()).isEqualTo(6);
		advance(Duration.ofSeconds(1));
		assertThat(limiter.peek("key")).matches((decision) -> decision.limit().equals(hour))
			.matches((decision) -> decision.remaining() == 36)
			.matches((decision) -> decision.resetAfterNanos() == Duration.ofMinutes(60).minusSeconds(1).toNanos());
	}

	@Test
	void theRefusingLimitWithTheLongestWaitBindsAndTheOthersFollow() {
		Limit second = Limit.valueOf("2/1s");
		Limit minute = Limit.valueOf("2/1m");
		Limit hour = Limit.valueOf("100/1h");
		BoundPolicy limiter = limiter(second, minute, hour);
		assertThat(limiter.tryAcquire("key", 2).allowed()).isTrue();
		Decision decision = limiter.tryAcquire("key");
		assertThat(decision.limit()).isEqualTo(minute);
		assertThat(decision.retryAfterNanos()).isEqualTo(Duration.ofMinutes(1).toNanos());
		assertThat(decision.next()).isNotNull();
		Decision next = Objects.requireNonNull(decision.next());
		assertThat(next.limit()).isEqualTo(second);
		assertThat(next.retryAfterNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
		assertThat(next.next()).isNull();
		assertThat(limiter.peek("key")).isEqualTo(decision);
	}

	@Test
	void moreThanTheSmallestLimitHoldsIsNeverGranted() {
		Limit small = Limit.valueOf("2/1s");
		BoundPolicy limiter = limiter(Limit.valueOf("100/1h"), small);
		Decision decision = limiter.tryAcquire("key", 3);
		assertThat(decision.retryAfterNanos()).isEqualTo(Decision.NEVER);
		assertThat(decision.limit()).isEqualTo(small);
	}

	static Stream<List<Limit>> policies() {
		Limit sliding = Limit.valueOf("6/1s");
		Limit fixed = Limit.valueOf("8/1s fixed-window").withName("fixed");
		Limit token = Limit.valueOf("7/1s token-bucket burst 9").withName("token");
		Limit leaky = Limit.valueOf("12/1s leaky-bucket max-wait 700ms").withName("leaky");
		return Stream.of(limits("5/1s", "20/10s").toList(), limits("60/1m", "5/1s", "7/2s").toList(),
				List.of(token, Limit.valueOf("30/10s")), List.of(sliding, fixed, token, leaky), List.of(leaky, fixed));
	}

}
