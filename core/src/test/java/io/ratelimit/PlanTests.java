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

	private final RateLimiterRegistry registry = RateLimiterRegistry
		.builder(CaffeineRateLimitStore.builder().ticker(this.nanos::get).build())
		.limitResolver(new CachedLimitResolver(this::plan, this.nanos::get))
		.build();

	private final RateLimiter limiter = this.registry.register(this.policy);

	@Test
	void limitsOfThePlanApplyToItsKeysAlone() {
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("3/1h")));
		assertThat(granted("pro", 5)).isEqualTo(3);
		assertThat(granted("free", 5)).isEqualTo(1);
		assertThat(this.limiter.peek("pro").limit()).isEqualTo(Limit.valueOf("3/1h"));
		this.limiter.reset("pro");
		assertThat(this.limiter.tryAcquireAsync("pro", 3).toCompletableFuture().join().allowed()).isTrue();
		this.limiter.giveBack("pro", 2, 0);
		assertThat(granted("pro", 5)).isEqualTo(2);
	}

	@Test
	void aBatchTakesByThePlan() {
		Policy other = Policy.of("other", Limit.valueOf("2/1h"));
		this.registry.register(other);
		this.plans.put("pro", Plan.of("pro", Limit.valueOf("3/1h")));
		List<Claim> claims = List.of(new Claim(this.policy, "pro", 1), new Claim(other, "pro", 1));
		assertThat(this.registry.tryAcquireAll(claims)).allMatch(Decision::allowed);
		assertThat(this.registry.tryAcquireAll(claims)).allMatch(Decision::allowed);
		assertThat(this.registry.tryAcquireAll(claims)).extracting(Decision::allowed).containsExactly(true, false);
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
		assertThat(granted("pro", 5)).isEqualTo(1);
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
			RateLimiter limiter = RateLimiterRegistry.builder(CaffeineRateLimitStore.builder().build())
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
	void twoPlansOfOneNameWithOtherLimitsAreSaidAndNotAtEachRequest() {
		this.plans.put("a", Plan.of("custom", Limit.valueOf("20/1h")));
		this.plans.put("b", Plan.of("custom", Limit.valueOf("30/1h")));
		List<String> lines = logged(() -> {
			for (int i = 0; i < 10; i++) {
				this.limiter.tryAcquire("a");
				this.limiter.tryAcquire("b");
			}
		});
		assertThat(lines).hasSize(1);
		assertThat(lines.get(0)).contains("'custom' of policy 'api' is now [30/1h], and was [20/1h]");
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

	private static List<String> logged(Runnable action) {
		Logger logger = (Logger) LoggerFactory.getLogger(RateLimiterRegistry.class);
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
