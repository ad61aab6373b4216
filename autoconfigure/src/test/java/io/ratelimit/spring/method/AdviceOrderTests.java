package io.ratelimit.spring.method;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.ratelimit.annotation.RateLimited;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;

import org.springframework.aop.Advisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.resilience.annotation.ConcurrencyLimit;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Limits beside advice that Spring puts in front of all other.
 */
class AdviceOrderTests {

	@Test
	void callerOfAnAsynchronousMethodIsRefused() throws Exception {
		try (LimitedApplication application = application(Mails.class)) {
			Mails bean = application.bean(Mails.class);
			CountDownLatch sent = new CountDownLatch(1);
			List<Thread> threads = new ArrayList<>();
			bean.send(sent, threads);
			assertRefused(() -> bean.send(sent, threads));
			assertThat(sent.await(1, TimeUnit.MINUTES)).isTrue();
			assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
		}
	}

	@Test
	void callerOfAnAsynchronousMethodWithAFutureIsRefused() throws Exception {
		try (LimitedApplication application = application(Mails.class)) {
			Mails bean = application.bean(Mails.class);
			assertThat(bean.future().get(1, TimeUnit.MINUTES)).isEqualTo("sent");
			assertRefused(bean::future);
		}
	}

	@Test
	void stageOfAnAsynchronousMethodFailsAtOnce() {
		try (LimitedApplication application = application(Mails.class)) {
			Mails bean = application.bean(Mails.class);
			assertThat(bean.stage().orTimeout(1, TimeUnit.MINUTES).join()).isEqualTo("sent");
			assertThat(bean.stage()).isCompletedExceptionally();
		}
	}

	@Test
	void callerIsRefusedWhereInterfacesAreProxied() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Switches.class, Letters.class)) {
			Posting bean = application.bean(Posting.class);
			bean.post();
			assertRefused(bean::post);
		}
	}

	@Test
	void callThatIsRetriedIsCountedOnceAndEndsWithItsOwnException() {
		try (LimitedApplication application = application(Orders.class)) {
			Orders bean = application.bean(Orders.class);
			assertThatIllegalStateException().isThrownBy(bean::order).withMessage("3 tries");
			assertThat(application.calls().decided).hasSize(1);
		}
	}

	@Test
	void refusalIsNotRetried() {
		try (LimitedApplication application = application(Orders.class)) {
			Orders bean = application.bean(Orders.class);
			assertThatIllegalStateException().isThrownBy(bean::order);
			assertRefused(bean::order);
			assertThat(application.calls().decided).hasSize(2);
		}
	}

	@Test
	void refusalIsNotRetriedWhereTheTypeIsRetried() {
		try (LimitedApplication application = application(RetriedType.class)) {
			RetriedType bean = application.bean(RetriedType.class);
			bean.order();
			assertRefused(bean::order);
			assertThat(application.calls().decided).hasSize(2);
		}
	}

	@Test
	void methodThatIsAsynchronousAndRetriedIsCountedOnce() {
		try (LimitedApplication application = application(Orders.class)) {
			Orders bean = application.bean(Orders.class);
			assertThat(bean.later().handle((value, ex) -> String.valueOf(value)).orTimeout(1, TimeUnit.MINUTES).join())
				.isEqualTo("later");
			assertThat(application.calls().decided).hasSize(1);
			assertThat(bean.later()).isCompletedExceptionally();
		}
	}

	@Test
	void methodsWithoutSuchAdviceKeepTheirOrder() {
		try (LimitedApplication application = new LimitedApplication(Switches.class, Mails.class, AroundIt.class)) {
			Mails bean = application.bean(Mails.class);
			List<String> trace = application.bean(AroundIt.class).trace;
			bean.plain();
			assertRefused(bean::plain);
			assertThat(trace).containsExactly("outer", "outer");
		}
	}

	private static LimitedApplication application(Class<?> bean) {
		return new LimitedApplication(Switches.class, bean);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	@EnableResilientMethods
	static class Switches {

	}

	static class Mails {

		@Async
		@RateLimited("one")
		public void send(CountDownLatch sent, List<Thread> threads) {
			threads.add(Thread.currentThread());
			sent.countDown();
		}

		@Async
		@RateLimited("one")
		public Future<String> future() {
			return CompletableFuture.completedFuture("sent");
		}

		@Async
		@RateLimited("one")
		public CompletableFuture<String> stage() {
			return CompletableFuture.completedFuture("sent");
		}

		@RateLimited("one")
		public void plain() {
		}

	}

	interface Posting {

		@RateLimited("one")
		void post();

	}

	static class Letters implements Posting {

		@Override
		@Async
		public void post() {
		}

	}

	static class Orders {

		private int tries;

		@Retryable(maxRetries = 2, delay = 1)
		@RateLimited("one")
		public void order() {
			throw new IllegalStateException(++this.tries + " tries");
		}

		@Async
		@Retryable(maxRetries = 2, delay = 1)
		@ConcurrencyLimit(1)
		@RateLimited("one")
		public CompletableFuture<String> later() {
			if (this.tries++ < 1) {
				throw new IllegalStateException();
			}
			return CompletableFuture.completedFuture("later");
		}

	}

	@Retryable(delay = 1)
	static class RetriedType {

		@RateLimited("one")
		public void order() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AroundIt {

		final List<String> trace = new ArrayList<>();

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		Advisor outer() {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.setMappedName("plain");
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (invocation) -> {
				this.trace.add("outer");
				return invocation.proceed();
			});
			advisor.setOrder(100);
			return advisor;
		}

	}

}
