package io.ratelimit.spring.method;

import java.time.Duration;
import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LimitedCallTests {

	private final LimitedApplication application = new LimitedApplication(Service.class);

	private final Service service = this.application.bean(Service.class);

	@AfterEach
	void close() {
		this.application.close();
	}

	@Test
	void callOverTheLimitIsRefusedWithoutReachingTheMethod() {
		assertThat(this.service.one()).isEqualTo(1);
		assertRefused(this.service::one);
		this.application.advance(Duration.ofMinutes(1));
		assertThat(this.service.one()).isEqualTo(2);
	}

	@Test
	void everyDecisionIsTold() {
		this.service.one();
		assertRefused(this.service::one);
		assertThat(this.application.calls().decided).extracting(Decision::allowed).containsExactly(true, false);
	}

	@Test
	void callTakesWhatTheRequestHasNotPaidFor() {
		this.application.calls().paid.put("one:caller", 2L);
		this.service.one();
		this.service.one();
		assertThat(this.application.calls().decided).isEmpty();
		this.service.one();
		assertRefused(this.service::one);
	}

	@Test
	void refusedCallLeavesWhatTheRequestHasPaid() {
		this.service.both();
		this.application.calls().paid.put("one:caller", 1L);
		this.service.both();
		this.application.calls().paid.put("one:caller", 1L);
		assertRefused(this.service::both);
		assertThat(this.application.calls().paid).containsEntry("one:caller", 1L);
	}

	@Test
	void callWithoutKeyIsNotLimited() {
		this.application.calls().caller = null;
		this.service.one();
		this.service.one();
		assertThat(this.application.calls().decided).isEmpty();
	}

	@Test
	void keysDoNotTouchEachOther() {
		this.service.one();
		this.application.calls().caller = "another";
		this.service.one();
		assertRefused(this.service::one);
	}

	@Test
	void policyThatIsOffTakesNothing() {
		this.service.off();
		this.service.off();
		assertThat(this.application.calls().decided).isEmpty();
	}

	@Test
	void policyInShadowModeRefusesNobody() {
		this.service.shadow();
		this.service.shadow();
		assertThat(this.application.calls().decided).extracting(Decision::allowed).containsExactly(true, false);
	}

	@Test
	void repeatedAnnotationsTakeAllOrNothing() {
		this.service.both();
		assertRefused(this.service::both);
		assertThat(this.application.registry().limiter("two").peek("caller").remaining()).isEqualTo(1);
		assertThat(this.application.calls().decided).hasSize(4);
	}

	@Test
	void severalAreReducedToThoseThatAreNotPaidForOrOff() {
		this.application.calls().paid.put("one:caller", 3L);
		this.service.both();
		this.service.both();
		assertRefused(this.service::both);
		assertThat(this.application.calls().decided).extracting((decision) -> decision.policy().name())
			.containsOnly("two");
	}

	@Test
	void exceptionOfTheMethodPassesAndThePermitStaysTaken() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.service::failing);
		assertRefused(this.service::failing);
	}

	@Test
	void delayHoldsTheCaller() {
		this.service.slow();
		long start = System.nanoTime();
		this.service.slow();
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(2).toNanos());
	}

	@Test
	void interruptEndsTheDelayAndTheMethodIsNotCalled() {
		int calls = this.service.slowest();
		Thread.currentThread().interrupt();
		assertRefused(this.service::slowest);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.service.calls()).isEqualTo(calls);
	}

	@Test
	void whatIsTakenForAWaitThatIsBrokenOffIsGivenBack() {
		this.service.slowestBesideOne();
		this.application.registry().limiter("one").reset("caller");
		Thread.currentThread().interrupt();
		assertRefused(this.service::slowestBesideOne);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.application.registry().limiter("one").peek("caller").remaining()).isEqualTo(1);
	}

	@Test
	void callForWhichThereIsNoRoomToWaitIsRefused() {
		this.service.slowest();
		this.application.calls().room = false;
		assertRefused(this.service::slowest);
	}

	@Test
	void policyInShadowModeDelaysNobody() {
		this.service.slowestInShadow();
		Thread.currentThread().interrupt();
		this.service.slowestInShadow();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void permitsAreAConstantOrAnExpression() {
		this.service.costly(List.of());
		this.service.costly(List.of(1, 2));
		assertRefused(() -> this.service.costly(List.of(1)));
		this.service.costly(List.of());
		assertRefused(this.service::allAtOnce);
	}

	@Test
	void morePermitsThanTheLimitHoldsAreRefusedForGood() {
		assertRefused(() -> this.service.costly(List.of(1, 2, 3)));
		assertThat(this.application.calls().decided).extracting(Decision::retryAfterNanos)
			.containsExactly(Decision.NEVER);
	}

	@Test
	void permitsExpressionThatFailsTakesOne() {
		this.service.costly(null);
		this.service.costly(null);
		assertRefused(() -> this.service.costly(null));
	}

	@Test
	void permitsThatAreNoNumberTakeOne() {
		this.service.odd("x");
		assertRefused(() -> this.service.odd("x"));
	}

	@Test
	void fractionsOfAPermitAreRoundedUp() {
		this.service.odd(0.1);
		assertRefused(() -> this.service.odd(0.1));
	}

	static class Service {

		private int calls;

		@RateLimited("one")
		int one() {
			return ++this.calls;
		}

		@RateLimited("off")
		void off() {
		}

		@RateLimited("shadow")
		void shadow() {
		}

		@RateLimited("two")
		@RateLimited("one")
		@RateLimited("off")
		void both() {
		}

		@RateLimited("one")
		void failing() {
			throw new IllegalStateException();
		}

		@RateLimited("slowest")
		@RateLimited("one")
		void slowestBesideOne() {
		}

		@RateLimited("slow")
		void slow() {
		}

		@RateLimited("slowest")
		int slowest() {
			return ++this.calls;
		}

		@RateLimited("slowest-shadow")
		void slowestInShadow() {
		}

		@RateLimited(policy = "two", cost = "#items.size()")
		void costly(List<Integer> items) {
		}

		@RateLimited(policy = "two", cost = "2")
		void allAtOnce() {
		}

		@RateLimited(limits = "1/1m", cost = "#value")
		void odd(Object value) {
		}

		int calls() {
			return this.calls;
		}

	}

}
