package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A decorator that implements the interface of the bean behind it is counted once with
 * it.
 */
class DecoratedInterfaceTests {

	@Test
	void decoratorOfAnAnnotatedInterfaceIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(Decorated.class)) {
			Printing bean = application.bean(PrintingTwice.class);
			application.assertTakesTwoOfTwo(bean::print);
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

}
