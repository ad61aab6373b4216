package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;

import io.ratelimit.annotation.RateLimited;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.Ordered;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call is counted once, however many proxies it passes; two calls are counted twice.
 */
class ProxyOfProxyTests {

	@Test
	void callIsCountedOnceWithTwoAutoProxyCreators() {
		try (LimitedApplication application = new LimitedApplication(Twice.class, Exports.class)) {
			assertTakesTwoOfTwo(application, application.bean(Exports.class)::run);
		}
	}

	@Test
	void callIsCountedOnceWhereTheSecondCreatorStandsInside() {
		try (LimitedApplication application = new LimitedApplication(TwiceFirst.class, Exports.class)) {
			assertTakesTwoOfTwo(application, application.bean(Exports.class)::run);
		}
	}

	@Test
	void callOfAnInterfaceIsCountedOnceWithTwoAutoProxyCreators() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Twice.class, Printer.class)) {
			assertTakesTwoOfTwo(application, application.bean(Printing.class)::print);
		}
	}

	@Test
	void callOfAScopedProxyIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(Scoped.class)) {
			assertTakesTwoOfTwo(application, application.bean(Exports.class)::run);
		}
	}

	@Test
	void callOfALimitedMethodByALimitedMethodIsCountedToo() {
		try (LimitedApplication application = new LimitedApplication(Twice.class, Exports.class)) {
			application.bean(Exports.class).again(1);
			assertRefused(application.bean(Exports.class)::run);
		}
	}

	@Test
	void recursionThroughTheProxyIsCountedEachTime() {
		try (LimitedApplication application = new LimitedApplication(Exports.class)) {
			assertRefused(() -> application.bean(Exports.class).again(2));
		}
	}

	@Test
	void recursionOfAnInheritedLimitIsCountedEachTime() {
		try (LimitedApplication application = new LimitedApplication(Recursive.class)) {
			assertRefused(() -> application.bean(Recursive.class).dive(2));
		}
		try (LimitedApplication application = new LimitedApplication(Recursive.class)) {
			application.bean(Recursive.class).dive(1);
			assertRefused(() -> application.bean(Recursive.class).dive(0));
		}
	}

	@Test
	void decoratorOfAnAnnotatedInterfaceIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(Decorated.class)) {
			Printing bean = application.bean(PrintingTwice.class);
			assertTakesTwoOfTwo(application, bean::print);
		}
	}

	@Test
	void decoratorThatReturnsAStageIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(Decorated.class)) {
			Printing bean = application.bean(PrintingTwice.class);
			bean.later().join();
			assertThat(application.calls().decided).hasSize(1);
			bean.later().join();
			assertThat(bean.later()).isCompletedExceptionally();
		}
	}

	@Test
	void decoratorThatReturnsAPublisherIsCountedOnceForEachSubscription() {
		try (LimitedApplication application = new LimitedApplication(Decorated.class)) {
			Mono<String> printed = application.bean(PrintingTwice.class).whenever();
			printed.block();
			assertThat(application.calls().decided).hasSize(1);
			printed.block();
			assertRefused(printed::block);
		}
	}

	@Test
	void decoratedBeanThatIsCalledByOthersIsCountedByItself() {
		try (LimitedApplication application = new LimitedApplication(Decorated.class)) {
			application.bean(PrintingTwice.class).print();
			application.bean(Printer.class).print();
			assertRefused(application.bean(PrintingTwice.class)::print);
			assertRefused(application.bean(Printer.class)::print);
		}
	}

	@Test
	void decoratorBySubclassIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(DecoratedClass.class)) {
			Counter bean = application.bean(CounterInFront.class);
			assertTakesTwoOfTwo(application, bean::serve);
		}
	}

	@Test
	void decoratorBySubclassOfAnAnnotatedClassIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(DecoratedClass.class)) {
			Till bean = application.bean(TillInFront.class);
			assertTakesTwoOfTwo(application, bean::pay);
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

	@Test
	void decoratorThatAsksForAnotherKeyIsCountedForBoth() {
		try (LimitedApplication application = new LimitedApplication(Decorated.class)) {
			Printing bean = application.bean(PrintingTwice.class);
			bean.printFor("ann");
			assertThat(application.calls().decided).hasSize(2);
			assertRefused(() -> bean.printFor("ann"));
			assertRefused(() -> application.bean(Printer.class).printFor("ANN"));
		}
	}

	@Test
	void decoratorPaysWhatTheDecoratedBeanTakesMore() {
		try (LimitedApplication application = new LimitedApplication(Decorated.class)) {
			Printing bean = application.bean(PrintingTwice.class);
			bean.printPages(1);
			assertThat(application.calls().decided.get(1).remaining()).isEqualTo(1);
		}
	}

	@Test
	void otherMethodOfAnAnnotatedInterfaceIsAnotherCall() {
		try (LimitedApplication application = new LimitedApplication(OtherMethods.class)) {
			application.bean(Front.class).front();
			assertThat(application.calls().decided).hasSize(2);
		}
	}

	private static void assertTakesTwoOfTwo(LimitedApplication application, Runnable call) {
		call.run();
		assertThat(application.calls().decided).hasSize(1);
		call.run();
		assertRefused(call::run);
	}

	@Configuration(proxyBeanMethods = false)
	static class Twice {

		@Bean
		static DefaultAdvisorAutoProxyCreator creator() {
			return new DefaultAdvisorAutoProxyCreator();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwiceFirst {

		@Bean
		static DefaultAdvisorAutoProxyCreator creator() {
			DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
			creator.setProxyTargetClass(true);
			creator.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return creator;
		}

	}

	static class Exports {

		@Autowired
		ObjectProvider<Exports> self;

		@RateLimited("two")
		public void run() {
		}

		@RateLimited("two")
		public void again(int times) {
			if (times > 0) {
				this.self.getObject().again(times - 1);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope(proxyMode = ScopedProxyMode.TARGET_CLASS)
		Exports exports() {
			return new Exports();
		}

	}

	interface Diving {

		@RateLimited("two")
		void dive(int depth);

	}

	static class Recursive implements Diving {

		@Autowired
		@Lazy
		Diving self;

		@Override
		public void dive(int depth) {
			if (depth > 0) {
				this.self.dive(depth - 1);
			}
		}

	}

	interface Printing {

		@RateLimited("two")
		void print();

		@RateLimited("two")
		CompletableFuture<String> later();

		@RateLimited("two")
		Mono<String> whenever();

		@RateLimited(limits = "1/1m", key = "#name")
		void printFor(String name);

		@RateLimited(limits = "4/1m", cost = "#pages")
		void printPages(int pages);

	}

	static class Printer implements Printing {

		@Override
		public void print() {
		}

		@Override
		public CompletableFuture<String> later() {
			return CompletableFuture.completedFuture("printed");
		}

		@Override
		public Mono<String> whenever() {
			return Mono.just("printed");
		}

		@Override
		public void printFor(String name) {
		}

		@Override
		public void printPages(int pages) {
		}

	}

	static class PrintingTwice implements Printing {

		private final Printer printer;

		PrintingTwice(Printer printer) {
			this.printer = printer;
		}

		@Override
		public void print() {
			this.printer.print();
			this.printer.print();
		}

		@Override
		public CompletableFuture<String> later() {
			return this.printer.later().thenCompose((printed) -> CompletableFuture.completedFuture(printed));
		}

		@Override
		public Mono<String> whenever() {
			return this.printer.whenever().map((printed) -> printed + " twice");
		}

		@Override
		public void printFor(String name) {
			this.printer.printFor(name.toUpperCase(java.util.Locale.ROOT));
		}

		@Override
		public void printPages(int pages) {
			this.printer.printPages(3 * pages);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Decorated {

		@Bean
		Printer printer() {
			return new Printer();
		}

		@Bean
		PrintingTwice twice(Printer printer) {
			return new PrintingTwice(printer);
		}

	}

	@RateLimited("two")
	interface Office {

		default void front() {
		}

		default void back() {
		}

	}

	static class Front implements Office {

		private final Back back;

		Front(Back back) {
			this.back = back;
		}

		@Override
		public void front() {
			this.back.back();
		}

	}

	static class Back implements Office {

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherMethods {

		@Bean
		Back back() {
			return new Back();
		}

		@Bean
		Front front(Back back) {
			return new Front(back);
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
