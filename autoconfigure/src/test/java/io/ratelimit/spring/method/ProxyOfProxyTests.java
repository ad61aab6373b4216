package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.Ordered;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;

/**
 * A call is counted once, however many proxies it passes; two calls are counted twice.
 */
class ProxyOfProxyTests {

	@Test
	void callIsCountedOnceWithTwoAutoProxyCreators() {
		try (LimitedApplication application = new LimitedApplication(Twice.class, Exports.class)) {
			application.assertTakesTwoOfTwo(application.bean(Exports.class)::run);
		}
	}

	@Test
	void callIsCountedOnceWhereTheSecondCreatorStandsInside() {
		try (LimitedApplication application = new LimitedApplication(TwiceFirst.class, Exports.class)) {
			application.assertTakesTwoOfTwo(application.bean(Exports.class)::run);
		}
	}

	@Test
	void callOfAnInterfaceIsCountedOnceWithTwoAutoProxyCreators() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Twice.class, Printer.class)) {
			application.assertTakesTwoOfTwo(application.bean(Printing.class)::print);
		}
	}

	@Test
	void callOfAScopedProxyIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(Scoped.class)) {
			application.assertTakesTwoOfTwo(application.bean(Exports.class)::run);
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

}
