package io.ratelimit.spring.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.spring.observe.RefusalNotices.Events;
import io.ratelimit.spring.observe.RefusalNotices.Lines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@ExtendWith(OutputCaptureExtension.class)
class RefusalNoticesTests {

	private static final Lines NO_LINES = new Lines(false, false);

	private final List<RateLimitRefusedEvent> published = new ArrayList<>();

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1) / 2);

	private final Policy policy = Policy.of("api", Limit.valueOf("10/1m"));

	@Test
	void onlyRefusalsArePublished() {
		RefusalNotices notices = notices(new Events(10, false), NO_LINES);
		notices.onDecision("k", 1, Decision.allowed(this.policy, limit(), 1, 0, 1));
		notices.onDecision("k", 1, denied(this.policy.withMode(Mode.SHADOW)));
		assertThat(this.published).isEmpty();
		Decision refused = denied(this.policy);
		notices.onDecision("k", 1, refused);
		assertThat(this.published).usingRecursiveFieldByFieldElementComparator()
			.containsExactly(RateLimitRefusedEvent.of(refused, null, 0));
		assertThat(this.published.get(0).policy()).isEqualTo("api");
	}

	@Test
	void aKeyIsInTheEventOnlyWhereThatIsAskedFor() {
		notices(new Events(10, true), NO_LINES).onDecision("k", 1, denied(this.policy));
		assertThat(this.published).extracting(RateLimitRefusedEvent::key).containsExactly("k");
	}

	@Test
	void moreThanSoManyASecondAreLeftOutAndCounted() {
		RefusalNotices notices = notices(new Events(3, false), NO_LINES);
		refuse(notices, this.policy, 10);
		assertThat(this.published).hasSize(3).extracting(RateLimitRefusedEvent::leftOut).containsOnly(0L);
		refuse(notices, Policy.of("other", limit()), 1);
		assertThat(this.published).as("each policy has its own").hasSize(4);
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
		refuse(notices, this.policy, 1);
		assertThat(this.published).hasSize(4);
		this.now.addAndGet(1);
		refuse(notices, this.policy, 4);
		assertThat(this.published).hasSize(7).extracting(RateLimitRefusedEvent::leftOut).endsWith(8L, 0L, 0L);
	}

	@Test
	void withoutEventsNothingIsPublished() {
		refuse(notices(new Events(0, true), NO_LINES), this.policy, 5);
		assertThat(this.published).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> new Events(-1, false))
			.withMessage("-1 events a second: it must be 0 or more");
	}

	@Test
	void nothingIsLoggedUnlessThatIsAskedFor(CapturedOutput output) {
		refuse(notices(new Events(10, true), new Lines(false, true)), this.policy, 5);
		assertThat(output).doesNotContain("ratelimit.refusals");
	}

	@Test
	void aLineTellsPolicyLimitAndWait(CapturedOutput output) {
		notices(new Events(0, false), new Lines(true, false)).onDecision("secret", 2, denied(this.policy));
		assertThat(output)
			.contains("ratelimit.refusals", "denied policy=api limit=\"10/1m\" permits=2 retry-after=1.500")
			.doesNotContain("secret");
	}

	@Test
	void whatShadowWouldHaveRefusedIsLoggedToo(CapturedOutput output) {
		notices(new Events(0, false), new Lines(true, false)).onDecision("k", 1,
				denied(this.policy.withMode(Mode.SHADOW)));
		assertThat(output).contains("shadow-denied policy=api");
	}

	@Test
	void aKeyCannotForgeALine(CapturedOutput output) {
		notices(new Events(0, false), new Lines(true, true)).onDecision("a\"\r\n b\\\u2028\u202e\u001b[2J", 1,
				denied(this.policy));
		assertThat(output).contains("key=\"a\\\"\\u000d\\u000a b\\\\\\u2028\\u202e\\u001b[2J\"");
	}

	private RefusalNotices notices(Events events, Lines lines) {
		return new RefusalNotices((event) -> this.published.add((RateLimitRefusedEvent) event), events, lines,
				this.now::get);
	}

	private static void refuse(RefusalNotices notices, Policy policy, int times) {
		for (int i = 0; i < times; i++) {
			notices.onDecision("k", 1, denied(policy));
		}
	}

	private Limit limit() {
		return this.policy.limits().get(0);
	}

	private static Decision denied(Policy policy) {
		return Decision.denied(policy, policy.limits().get(0), 0, TimeUnit.MILLISECONDS.toNanos(1500), 1, null);
	}

}
