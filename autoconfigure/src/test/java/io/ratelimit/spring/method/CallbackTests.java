package io.ratelimit.spring.method;

import java.io.Closeable;

import io.ratelimit.annotation.RateLimited;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods that Spring calls, which an annotation on their type does not limit.
 */
@ExtendWith(OutputCaptureExtension.class)
class CallbackTests {

	@Test
	void callbacksOfALifeAreNotLimited() {
		Life life;
		try (LimitedApplication application = new LimitedApplication(Life.class)) {
			life = application.bean(Life.class);
			life.used();
			assertRefused(life::used);
			assertThat(life.isRunning()).isTrue();
			assertThat(life.isRunning()).isTrue();
			assertThat(life.state()).isEqualTo("constructed, initialized, started, refreshed, ready");
		}
	}

	@Test
	void runnersListenersAndScheduledMethodsAreNotLimited() throws Exception {
		try (LimitedApplication application = new LimitedApplication(Runner.class)) {
			Runner bean = application.bean(Runner.class);
			for (int i = 0; i < 3; i++) {
				bean.run(null);
				bean.tick();
				bean.close();
			}
			bean.used();
			assertRefused(bean::used);
		}
	}

	@Test
	void healthIsNotLimited(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Up.class, AbstractlyUp.class)) {
			for (int i = 0; i < 3; i++) {
				assertThat(application.bean(Up.class).health()).isEqualTo(Health.up().build());
				assertThat(application.bean(AbstractlyUp.class).health()).isEqualTo(Health.up().build());
			}
		}
		TypeAnnotationTests.assertIdle(output, "Up");
		TypeAnnotationTests.assertIdle(output, "AbstractlyUp");
	}

	@Test
	void methodThatOverridesACallbackIsLimitedIfItCarriesTheAnnotationItself() {
		try (LimitedApplication application = new LimitedApplication(LimitedHealth.class)) {
			LimitedHealth bean = application.bean(LimitedHealth.class);
			bean.health();
			assertRefused(bean::health);
		}
	}

	@RateLimited("one")
	static class Life
			implements SmartLifecycle, InitializingBean, DisposableBean, ApplicationListener<ContextRefreshedEvent> {

		private String state = "";

		@PostConstruct
		public void constructed() {
			this.state += "constructed, ";
		}

		@Override
		public void afterPropertiesSet() {
			this.state += "initialized, ";
		}

		@Override
		public void start() {
			this.state += "started, ";
		}

		@Override
		public void onApplicationEvent(ContextRefreshedEvent event) {
			this.state += "refreshed, ";
		}

		@EventListener
		public void ready(ContextRefreshedEvent event) {
			this.state += "ready";
		}

		@Override
		public boolean isRunning() {
			return this.state.contains("started");
		}

		@Override
		public void stop() {
		}

		@PreDestroy
		public void gone() {
		}

		@Override
		public void destroy() {
		}

		public void used() {
		}

		@RateLimited(disabled = true)
		public String state() {
			return this.state;
		}

	}

	@RateLimited("one")
	static class Runner implements ApplicationRunner, Closeable {

		@Override
		public void run(ApplicationArguments arguments) {
		}

		@Scheduled(fixedRate = 1000)
		public void tick() {
		}

		@Override
		public void close() {
		}

		public void used() {
		}

	}

	@RateLimited("one")
	static class Up implements HealthIndicator {

		@Override
		public Health health() {
			return Health.up().build();
		}

	}

	@RateLimited("one")
	static class AbstractlyUp extends AbstractHealthIndicator {

		@Override
		protected void doHealthCheck(Health.Builder builder) {
			builder.up();
		}

	}

	static class LimitedHealth implements HealthIndicator {

		@Override
		@RateLimited("one")
		public Health health() {
			return Health.up().build();
		}

	}

}
