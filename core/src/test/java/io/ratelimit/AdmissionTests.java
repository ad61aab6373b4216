package io.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What an admission says and gives back, decided while the calling thread waits or not.
 */
class AdmissionTests {

	private static final String KEY = "key";

	private final AtomicLong nanos = new AtomicLong();

	private final BrokenStore store = new BrokenStore(this.nanos::get);

	private final CaffeineRateLimitStore local = CaffeineRateLimitStore.builder().ticker(this.nanos::get).build();

	private final RateLimits limits = RateLimits.builder(this.store).local(this.local).build();

	@AfterEach
	void close() {
		this.local.close();
		this.store.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void allIsGivenBackWhereItWasTaken(boolean async) {
		this.store.mend();
		Limiter api = limiter("api", "5/1h");
		Limiter user = limiter("user", "3/1h");
		Admission admission = admit(async, api.claim(KEY, 2), user.claim(KEY, 3));
		assertThat(admission.granted()).isTrue();
		assertThat(List.of(left(api), left(user))).containsExactly(3L, 0L);
		admission.giveBack();
		assertThat(List.of(left(api), left(user))).containsExactly(5L, 3L);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void noClaimsAreNothingToAdmit(boolean async) {
		assertThatIllegalArgumentException().isThrownBy(() -> admit(async)).withMessage("no claims: give at least one");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void endsOnce(boolean async) {
		this.store.mend();
		Limiter api = limiter("api", "5/1h");
		Admission first = admit(async, api.claim(KEY, 2));
		first.giveBack();
		first.giveBack();
		first.close();
		assertThat(left(api)).isEqualTo(5);
		Admission second = admit(async, api.claim(KEY, 2));
		second.close();
		second.close();
		second.giveBack();
		assertThat(second.breakOff().granted()).isTrue();
		assertThat(left(api)).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatWasGrantedInProcessDuringAnOutageIsGivenBackThere(boolean async) {
		Limiter api = limiter("api", "3/1h");
		Admission during = admit(async, api.claim(KEY, 2));
		this.store.mend();
		Admission after = admit(async, api.claim(KEY, 2));
		assertThat(List.of(during.granted(), after.granted())).containsExactly(true, true);
		during.giveBack();
		assertThat(left(api)).as("in the store").isEqualTo(1);
		this.store.breakAgain();
		after.giveBack();
		assertThat(api.tryAcquire(KEY, 3).allowed()).as("in process").isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aStoreThatFailsWhileItIsGivenBackToDisturbsNobody(boolean async) {
		this.store.mend();
		Limiter api = limiter("api", "3/1h");
		Admission admission = admit(async, api.claim(KEY, 2));
		this.store.breakAgain();
		admission.giveBack();
		assertThat(this.limits.outage()).isNotNull();
		this.store.mend();
		assertThat(left(api)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aRefusedAdmissionHasTakenNothingToGiveBack(boolean async) {
		this.store.mend();
		Limiter api = limiter("api", "5/1h");
		Limiter user = limiter("user", "1/1h");
		user.tryAcquire(KEY);
		Admission refused = admit(async, api.claim(KEY, 2), user.claim(KEY, 1));
		assertThat(refused.granted()).isFalse();
		assertThat(refused.binding()).isEqualTo(refused.decisions().get(1));
		api.tryAcquire(KEY);
		refused.giveBack();
		assertThat(left(api)).isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void shadowPoliciesNeitherRefuseNorAreLeftOut(boolean async) {
		this.store.mend();
		Limiter api = limiter("api", "2/1h");
		Limiter shadow = this.limits.register(Policy.of("shadow", Limit.valueOf("1/1h")).withMode(Mode.SHADOW));
		Limiter off = this.limits.register(Policy.of("off", Limit.valueOf("1/1h")).withMode(Mode.OFF));
		List<Boolean> granted = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			granted.add(admit(async, shadow.claim(KEY, 1), api.claim(KEY, 1), off.claim(KEY, 1)).granted());
		}
		assertThat(granted).containsExactly(true, true, false);
		assertThat(left(shadow)).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aWaitThatIsBrokenOffIsARefusalWithThatWait(boolean async) {
		this.store.mend();
		Limiter slow = limiter("slow", "1/1s leaky-bucket max-wait 5s");
		Limiter api = limiter("api", "5/1h");
		admit(async, slow.claim(KEY, 1), api.claim(KEY, 1));
		Admission admission = admit(async, slow.claim(KEY, 1), api.claim(KEY, 1));
		assertThat(admission.delayNanos()).isEqualTo(1_000_000_000L);
		Admission brokenOff = admission.breakOff();
		assertThat(brokenOff.granted()).isFalse();
		assertThat(brokenOff.decisions().get(0).retryAfterNanos()).isEqualTo(1_000_000_000L);
		assertThat(brokenOff.decisions().get(1).allowed()).isTrue();
		assertThat(left(api)).isEqualTo(4);
	}

	/**
	 * Grants of both stores that are kept never exceed the limit of each, whatever
	 * happens in between.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "20/1h", "200/1h", "50/1h fixed-window", "20/1h token-bucket" })
	void acrossOutagesAndReplacementsNothingIsGrantedTwice(String text) {
		Limit limit = Limit.valueOf(text);
		for (int seed = 0; seed < 10; seed++) {
			Random random = new Random(seed);
			String name = "api" + seed;
			Limiter limiter = limiter(name, text);
			List<Admission> kept = new ArrayList<>();
			List<Admission> keptLocally = new ArrayList<>();
			for (int i = 0; i < 500; i++) {
				boolean broken = random.nextInt(3) == 0;
				if (broken) {
					this.store.breakAgain();
				}
				else {
					this.store.mend();
				}
				List<Admission> admissions = broken ? keptLocally : kept;
				Admission admission = admit(random.nextBoolean(), limiter.claim(KEY, 1 + random.nextInt(3)));
				if (admission.granted()) {
					admissions.add(admission);
				}
				if (!admissions.isEmpty() && random.nextBoolean()) {
					admissions.remove(random.nextInt(admissions.size())).giveBack();
				}
				if (random.nextInt(20) == 0) {
					this.limits.register(local(name, limit.withName("n" + i)));
				}
			}
			this.store.mend();
			assertThat(left(limiter)).as("seed %d", seed).isGreaterThanOrEqualTo(0);
			long total = limit.permits() - left(limiter);
			assertThat(total).as("seed %d", seed).isLessThanOrEqualTo(limit.permits());
			kept.forEach(Admission::giveBack);
			assertThat(left(limiter)).as("all given back, seed %d", seed).isEqualTo(limit.capacity());
		}
	}

	private Admission admit(boolean async, Claim... claims) {
		if (!async) {
			return this.limits.admit(List.of(claims));
		}
		CompletionStage<Admission> admission = this.limits.admitAsync(List.of(claims));
		return admission.toCompletableFuture().join();
	}

	private Limiter limiter(String name, String limit) {
		return this.limits.register(local(name, Limit.valueOf(limit)));
	}

	private static Policy local(String name, Limit limit) {
		return Policy.of(name, limit).withFailureMode(FailureMode.LOCAL);
	}

	private static long left(Limiter limiter) {
		return limiter.peek(KEY).remaining();
	}

}
