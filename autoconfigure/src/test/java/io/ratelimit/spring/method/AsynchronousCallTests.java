package io.ratelimit.spring.method;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.annotation.RateLimited;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.slf4j.MDC;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.EnableAspectJAutoProxy;

import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AsynchronousCallTests {

	private final LimitedApplication application = new LimitedApplication(Service.class, Inner.class);

	private final Service service = this.application.bean(Service.class);

	@AfterEach
	void close() {
		this.application.close();
	}

	@Test
	void refusalOfAStageIsItsFailure() {
		assertThat(this.service.future().join()).isEqualTo(1);
		CompletableFuture<Integer> refused = this.service.future();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(refused::join)
			.withCauseInstanceOf(RateLimitExceededException.class);
		CompletionStage<Integer> stage = this.service.stage();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(stage.toCompletableFuture()::join)
			.withCauseInstanceOf(RateLimitExceededException.class);
		assertThat(this.service.calls()).isEqualTo(1);
	}

	@Test
	void delayOfAStageHoldsNoCaller() {
		this.service.slowFuture().join();
		long start = System.nanoTime();
		assertThat(this.service.slowFuture().join()).isEqualTo(2);
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(2).toNanos());
		this.service.slowestFuture().join();
		assertThat(this.service.slowestFuture()).isNotDone();
		assertThat(this.service.calls()).isEqualTo(3);
	}

	@Test
	void callOfAnotherThreadFindsTheContextOfTheCaller() {
		this.service.slowFuture().join();
		LocaleContextHolder.setLocale(Locale.CANADA_FRENCH);
		MDC.put("order", "4711");
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", "secret"));
		try {
			this.service.slowFuture().join();
		}
		finally {
			SecurityContextHolder.clearContext();
			MDC.clear();
			LocaleContextHolder.resetLocaleContext();
		}
		assertThat(this.service.thread()).isNotEqualTo(Thread.currentThread().getName());
		assertThat(this.service.context()).isEqualTo("fr_CA 4711 alice");
	}

	@Test
	void futureOfAnotherKindIsRefusedByThrowing() {
		assertThat(this.service.own()).isNotDone();
		assertRefused(this.service::own);
	}

	@Test
	void refusalOfAMonoArrivesWhenSubscribed() {
		Mono<Integer> mono = this.service.mono("x");
		assertThat(this.service.calls()).isZero();
		assertThat(mono.block()).isEqualTo(1);
		assertRefused(mono::block);
		assertRefused(this.service.mono("x")::block);
		assertThat(this.service.calls()).isEqualTo(1);
	}

	@Test
	void eachSubscriptionTakesItsOwnPermit() {
		Flux<Integer> flux = this.service.flux();
		assertThat(flux.collectList().block()).containsExactly(1, 1);
		assertThat(flux.collectList().block()).containsExactly(2, 2);
		assertRefused(flux::blockLast);
		this.application.advance(Duration.ofMinutes(1));
		assertThat(flux.blockLast()).isEqualTo(3);
	}

	@Test
	void keyOfAPublisherIsThatOfItsCall() {
		Mono<Integer> mono = this.service.monoOfCaller();
		this.application.calls().caller = "another";
		mono.block();
		assertThat(this.service.monoOfCaller().block()).isEqualTo(2);
		assertRefused(mono::block);
	}

	@Test
	void publisherTakesWhatTheRequestHasNotPaidFor() {
		this.application.calls().paid.put("one:caller", 1L);
		Mono<Integer> mono = this.service.monoOfCaller();
		mono.block();
		assertThat(this.application.calls().decided).isEmpty();
		mono.block();
		assertRefused(mono::block);
	}

	@Test
	void delayedStageIsMadeWithTheClassLoaderOfItsCallerAndNotByTheCommonPool() {
		this.service.slowFuture().join();
		ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {
		};
		ClassLoader own = Thread.currentThread().getContextClassLoader();
		Thread.currentThread().setContextClassLoader(loader);
		try {
			this.service.slowFuture().join();
		}
		finally {
			Thread.currentThread().setContextClassLoader(own);
		}
		assertThat(this.service.loader()).isSameAs(loader);
		assertThat(this.service.thread()).startsWith("ratelimit-");
	}

	@Test
	void publisherWithoutTypeIsLimitedToo() {
		Publisher<Integer> publisher = this.service.publisher();
		Flux.from(publisher).blockLast();
		assertRefused(() -> Flux.from(publisher).blockLast());
	}

	@Test
	void delayOfAMonoAndAFluxHoldsNoCaller() {
		for (Publisher<Integer> slow : List.of(this.service.slowMono(), this.service.slowFlux())) {
			Flux.from(slow).blockLast();
			long start = System.nanoTime();
			Flux.from(slow).blockLast();
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(2).toNanos());
		}
		assertThat(this.service.calls()).isEqualTo(4);
	}

	@Test
	void failureOfTheMethodIsTheFailureOfThePublisher() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.service.failing()::block)
			.withMessage("failed");
	}

	@Test
	void adviceFurtherInsideIsCalledOncePerSubscription() {
		Inner inner = this.application.bean(Inner.class);
		Flux<Integer> flux = this.service.flux();
		assertThat(inner.calls()).isZero();
		flux.blockLast();
		flux.blockLast();
		assertThat(inner.calls()).isEqualTo(2);
		assertRefused(flux::blockLast);
		assertThat(inner.calls()).isEqualTo(2);
	}

	static class Service {

		private volatile ClassLoader loader;

		private volatile String thread;

		private volatile String context;

		int calls;

		@RateLimited("one")
		CompletableFuture<Integer> future() {
			return CompletableFuture.completedFuture(++this.calls);
		}

		@RateLimited("one")
		CompletionStage<Integer> stage() {
			return CompletableFuture.completedStage(++this.calls);
		}

		ClassLoader loader() {
			return this.loader;
		}

		String thread() {
			return this.thread;
		}

		String context() {
			return this.context;
		}

		@RateLimited("slow")
		CompletableFuture<Integer> slowFuture() {
			this.loader = Thread.currentThread().getContextClassLoader();
			this.thread = Thread.currentThread().getName();
			Authentication user = SecurityContextHolder.getContext().getAuthentication();
			this.context = LocaleContextHolder.getLocale() + " " + MDC.get("order") + " "
					+ ((user != null) ? user.getName() : null);
			return CompletableFuture.completedFuture(++this.calls);
		}

		@RateLimited("slowest")
		CompletableFuture<Integer> slowestFuture() {
			return CompletableFuture.completedFuture(++this.calls);
		}

		@RateLimited("one")
		OwnFuture own() {
			return new OwnFuture();
		}

		@RateLimited(limits = "1/1m", key = "#key")
		Mono<Integer> mono(String key) {
			return Mono.just(++this.calls);
		}

		@RateLimited("one")
		Mono<Integer> monoOfCaller() {
			return Mono.just(++this.calls);
		}

		@RateLimited("two")
		Flux<Integer> flux() {
			int call = ++this.calls;
			return Flux.just(call, call);
		}

		@RateLimited("one")
		Publisher<Integer> publisher() {
			return Mono.just(++this.calls);
		}

		@RateLimited("slow")
		Mono<Integer> slowMono() {
			return Mono.just(++this.calls);
		}

		@RateLimited("slow")
		Flux<Integer> slowFlux() {
			return Flux.just(++this.calls);
		}

		@RateLimited("two")
		Mono<Integer> failing() {
			throw new IllegalStateException("failed");
		}

		int calls() {
			return this.calls;
		}

	}

	static class OwnFuture extends CompletableFuture<Integer> {

	}

	@Aspect
	@EnableAspectJAutoProxy
	static class Inner {

		int calls;

		@Before("execution(* *..AsynchronousCallTests.Service.flux())")
		void before() {
			this.calls++;
		}

		int calls() {
			return this.calls;
		}

	}

}
