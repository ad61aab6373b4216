package io.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimit.caffeine.CachedLimitResolver;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PlanTests {

	private final Map<String, Plan> plans = new HashMap<>();

	private final List<String> asked = new ArrayList<>();

	private final AtomicLong nanos = new AtomicLong();

	private final Policy policy = Policy.of("api", Limit.valueOf("1/1h"));

	private final RateLimits registry = RateLimits
		.builder(CaffeineRateLimitStore.builder().ticker(this.nanos::get).build())
		.limitResolver(new CachedLimitResolver(this::plan, this.nanos::get))
		.clock(this.nanos::get)
		.build();

	private final Limiter limiter = this.registry.register(this.policy);

	@Test
	void limitsOfThePlanApplyToItsKeysAlone() {
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(granted("pro", 5)).isEqualTo(3);
		assertThat(granted("free", 5)).isEqualTo(1);
		assertThat(this.limiter.peek("pro").limit()).isEqualTo(Limit.valueOf("3/1h"));
		this.limiter.reset("pro");
		assertThat(this.limiter.tryAcquireAsync("pro", 1).toCompletableFuture().join().allowed()).isTrue();
		this.limiter.admit("pro", 2).giveBack();
		assertThat(granted("pro", 5)).isEqualTo(2);
	}

	@Test
	void aBatchTakesByThePlan() {
		Policy other = Policy.of("other", Limit.valueOf("2/1h"));
		this.registry.register(other);
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("3/1h")));
		List<Claim> claims = List.of(this.limiter.claim("pro", 1), this.registry.limiter("other").claim("pro", 1));
		assertThat(this.registry.admit(claims).decisions()).allMatch(Decision::allowed);
		assertThat(this.registry.admit(claims).decisions()).allMatch(Decision::allowed);
		assertThat(this.registry.admit(claims).decisions()).extracting(Decision::allowed).containsExactly(true, false);
		assertThat(this.limiter.peek("pro").remaining()).isEqualTo(1);
	}

	@Test
	void aPlanIsAskedForOnceAMinute() {
		granted("free", 5);
		assertThat(this.asked).containsExactly("api free");
		this.plans.put("free", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(granted("free", 5)).isZero();
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		assertThat(granted("free", 5)).isEqualTo(3);
		assertThat(this.asked).hasSize(2);
	}

	@Test
	void aPlanFollowsTheModeOfItsPolicyAndItsOwnLimits() {
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(granted("pro", 5)).isEqualTo(3);
		this.registry.register(this.policy.withMode(Mode.SHADOW));
		assertThat(this.limiter.tryAcquire("pro").refuses()).isFalse();
		this.registry.register(this.policy);
		assertThat(this.limiter.tryAcquire("pro").refuses()).isTrue();
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("4/1h")));
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		assertThat(granted("pro", 5)).as("another plan begins anew").isEqualTo(4);
	}

	@Test
	void requestsOfOneCustomerWaitForOneFailureTogether() throws Exception {
		AtomicLong questions = new AtomicLong();
		ExecutorService customers = Executors.newFixedThreadPool(20);
		try (CachedLimitResolver failing = new CachedLimitResolver((policy, key) -> {
			questions.incrementAndGet();
			sleep(Duration.ofMillis(200));
			throw new IllegalStateException("on purpose");
		}, this.nanos::get)) {
			Limiter limiter = RateLimits.builder(CaffeineRateLimitStore.builder().build())
				.limitResolver(failing)
				.build()
				.register(Policy.of("api", Limit.valueOf("7/1h")));
			List<Future<Decision>> requests = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				requests.add(customers.submit(() -> limiter.tryAcquire("acme")));
			}
			int granted = 0;
			for (Future<Decision> request : requests) {
				granted += request.get().allowed() ? 1 : 0;
			}
			assertThat(granted).isEqualTo(7);
			assertThat(questions).hasValue(1);
		}
		finally {
			customers.shutdownNow();
		}
	}

	@Test
	void whereNoPlanCanBeToldThePolicyApplies() {
		this.registry.register(Policy.of("api.taken", Limit.valueOf("100/1h")));
		this.plans.put("taken", Plan.of("taken", Limit.valueOf("100/1h")));
		assertThat(granted("taken", 5)).isEqualTo(1);
		assertThat(granted("broken", 5)).isEqualTo(1);
	}

	@Test
	void aPlanThatCannotApplyIsSaidOnceWithTheReason() {
		String plan = "p".repeat(61);
		this.plans.put("long", Plan.of(plan, Limit.valueOf("100/1h")));
		this.plans.put("long too", Plan.of(plan, Limit.valueOf("100/1h")));
		this.plans.put("twice",
				Plan.of("twice", Limit.valueOf("100/1h").withName("a"), Limit.valueOf("9/1s").withName("a")));
		List<String> lines = logged(() -> {
			assertThat(granted("long", 5)).isEqualTo(1);
			assertThat(granted("long too", 5)).isEqualTo(1);
			assertThat(granted("twice", 5)).isEqualTo(1);
		});
		assertThat(lines).satisfiesExactly((line) -> assertThat(line).contains("'" + plan + "' of policy 'api'",
				"at most 64 are possible", "1/1h"), (line) -> assertThat(line).contains("'twice'", "both called 'a'"));
	}

	@Test
	void plansOfOneNameWithOtherLimitsAreDifferentPlans() {
		this.plans.put("a", Plan.of("custom", Limit.valueOf("20/1h")));
		this.plans.put("b", Plan.of("custom", Limit.valueOf("30/1h")));
		List<String> lines = logged(() -> {
			int grantedToA = 0;
			int grantedToB = 0;
			for (int i = 0; i < 50; i++) {
				grantedToA += this.limiter.tryAcquire("a").allowed() ? 1 : 0;
				grantedToB += this.limiter.tryAcquire("b").allowed() ? 1 : 0;
			}
			assertThat(grantedToA).isEqualTo(20);
			assertThat(grantedToB).isEqualTo(30);
		});
		assertThat(lines).isEmpty();
	}

	@Test
	void plansAreBoundedAndBeyondThatThePolicysOwnLimitsApply() {
		for (int i = 0; i < Plans.MOST; i++) {
			this.plans.put("key" + i, Plan.of("custom", Limit.valueOf(2 + i + "/1h")));
			assertThat(granted("key" + i, 3)).isGreaterThan(1);
		}
		this.plans.put("late", Plan.of("custom", Limit.valueOf("9999/1h")));
		assertThat(granted("late", 3)).isEqualTo(1);
	}

	@Test
	void plansThatAreNotUsedAreDropped() {
		this.plans.put("late", Plan.of("late", Limit.valueOf("5/1h")));
		for (int i = 0; i < Plans.MOST; i++) {
			this.plans.put("key" + i, Plan.of("custom", Limit.valueOf(2 + i + "/1h")));
			granted("key" + i, 1);
		}
		this.nanos.addAndGet(Duration.ofMinutes(50).toNanos());
		assertThat(granted("key7", 1)).isEqualTo(1);
		this.nanos.addAndGet(Duration.ofMinutes(50).toNanos());
		assertThat(granted("late", 6)).isEqualTo(5);
		assertThat(this.registry.policies()).containsOnlyKeys("api", "api.custom", "api.late");
		assertThat(this.limiter.peek("key7").remaining()).isEqualTo(8);
	}

	@Test
	void whatAPlanIsCountedAsCannotBeChangedElsewhere() {
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(granted("pro", 5)).isEqualTo(3);
		Policy other = Policy.of("api.pro", Limit.valueOf("100/1h"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.registry.register(other))
			.withMessageContaining("'api.pro' is a plan of policy 'api'");
		assertThatIllegalArgumentException().isThrownBy(() -> this.registry.check(other))
			.withMessageContaining("LimitResolver");
		assertThat(granted("pro", 5)).isZero();
	}

	@Test
	void aResetForgetsThePlanThatWasRemembered() {
		assertThat(granted("upgraded", 5)).isEqualTo(1);
		this.plans.put("upgraded", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(granted("upgraded", 5)).isZero();
		this.limiter.reset("upgraded");
		assertThat(granted("upgraded", 5)).isEqualTo(3);
		this.plans.put("upgraded", Plan.of("gold", Limit.valueOf("5/1h")));
		this.registry.limiter("api.pro").reset("upgraded");
		assertThat(granted("upgraded", 9)).isEqualTo(5);
		this.plans.remove("upgraded");
		this.limiter.reset("upgraded");
		assertThat(granted("upgraded", 5)).isEqualTo(1);
	}

	@Test
	void aResetOfAllKeysForgetsPlansAndWhatWasUsedOfThem() {
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(granted("pro", 5)).isEqualTo(3);
		assertThat(granted("free", 5)).isEqualTo(1);
		this.plans.put("free", Plan.of("pro", Limit.valueOf("3/1h")));
		this.limiter.resetAll();
		assertThat(granted("pro", 5)).isEqualTo(3);
		assertThat(granted("free", 5)).isEqualTo(3);
		assertThat(this.asked).containsExactly("api pro", "api free", "api pro", "api free");
		this.registry.limiter("api.pro").resetAll();
		assertThat(granted("free", 5)).isEqualTo(3);
		assertThat(this.asked).hasSize(4);
	}

	private static List<String> logged(Runnable action) {
		Logger logger = (Logger) LoggerFactory.getLogger(RateLimits.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			action.run();
		}
		finally {
			logger.detachAppender(log);
		}
		return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	private int granted(String key, int claims) {
		int granted = 0;
		for (int i = 0; i < claims; i++) {
			granted += this.limiter.tryAcquire(key).allowed() ? 1 : 0;
		}
		return granted;
	}

	private static void sleep(Duration time) {
		try {
			Thread.sleep(time.toMillis());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Plan plan(String policy, String key) {
		this.asked.add(policy + " " + key);
		if (key.equals("broken")) {
			throw new IllegalStateException("on purpose");
		}
		return policy.equals("api") ? this.plans.get(key) : null;
	}

}
