package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;

import io.ratelimit.annotation.RateLimited;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A decorator that extends the class of the bean behind it is counted once with it.
 */
class DecoratedClassTests {

	@Test
	void decoratorBySubclassIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(DecoratedClass.class)) {
			Counter bean = application.bean(CounterInFront.class);
			application.assertTakesTwoOfTwo(bean::serve);
		}
	}

	@Test
	void decoratorBySubclassOfAnAnnotatedClassIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(DecoratedClass.class)) {
			Till bean = application.bean(TillInFront.class);
			application.assertTakesTwoOfTwo(bean::pay);
		}
	}

	@Test
	void decoratorBySubclassThatReturnsAStageOrAPublisherIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(DecoratedClass.class)) {
			application.bean(CounterInFront.class).later().join();
			assertThat(application.calls().decided).hasSize(1);
			application.bean(CounterInFront.class).whenever().block();
			assertThat(application.calls().decided).hasSize(2);
		}
	}

	@Test
	void decoratedBeanOfASuperclassThatIsCalledByOthersIsCountedByItself() {
		try (LimitedApplication application = new LimitedApplication(DecoratedClass.class)) {
			application.bean(CounterInFront.class).serve();
			application.bean(Counters.class).plain().serve();
			assertRefused(application.bean(CounterInFront.class)::serve);
			assertRefused(application.bean(Counters.class).plain()::serve);
		}
	}

	@Test
	void decoratedBeanOfASuperclassThatCallsItselfThroughItsProxyIsCountedAgain() {
		try (LimitedApplication application = new LimitedApplication(DecoratedClass.class)) {
			application.bean(CounterInFront.class).again(1);
			assertThat(application.calls().decided).hasSize(2);
		}
	}

	static class Counter {

		@Nullable Counter self;

		@RateLimited("two")
		public void serve() {
		}

		@RateLimited("two")
		public CompletableFuture<String> later() {
			return CompletableFuture.completedFuture("served");
		}

		@RateLimited("two")
		public Mono<String> whenever() {
			return Mono.just("served");
		}

		@RateLimited("two")
		public void again(int times) {
			if (times > 0 && this.self != null) {
				this.self.again(times - 1);
			}
		}

		public void meet(Counter self) {
			this.self = self;
		}

	}

	static class CounterInFront extends Counter {

		private final Counter counter;

		CounterInFront(Counter counter) {
			this.counter = counter;
		}

		@Override
		public void serve() {
			this.counter.serve();
		}

		@Override
		public CompletableFuture<String> later() {
			return this.counter.later();
		}

		@Override
		public Mono<String> whenever() {
			return this.counter.whenever();
		}

		@Override
		public void again(int times) {
			this.counter.again(times);
		}

	}

	@RateLimited("two")
	static class Till {

		public void pay() {
		}

	}

	static class TillInFront extends Till {

		private final Till till;

		TillInFront(Till till) {
			this.till = till;
		}

		@Override
		public void pay() {
			this.till.pay();
		}

	}

	record Counters(Counter plain) {

	}

	@Configuration(proxyBeanMethods = false)
	static class DecoratedClass {

		@Bean
		Counter counter() {
			return new Counter();
		}

		@Bean
		@Primary
		CounterInFront inFront(@Qualifier("counter") Counter counter) {
			counter.meet(counter);
			return new CounterInFront(counter);
		}

		@Bean
		Counters counters(@Qualifier("counter") Counter counter) {
			return new Counters(counter);
		}

		@Bean
		Till till() {
			return new Till();
		}

		@Bean
		@Primary
		TillInFront tillInFront(@Qualifier("till") Till till) {
			return new TillInFront(till);
		}

	}

}
