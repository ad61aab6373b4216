package io.ratelimit.it.neighbours;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.retry.annotation.EnableRetry;
import org.springframework.retry.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose limited methods have other advice too.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableAsync
@EnableRetry
@EnableCaching
@EnableScheduling
@EnableTransactionManagement
class Notebook {

	@Bean
	CacheManager cacheManager() {
		return new ConcurrentMapCacheManager();
	}

	@Bean
	Transactions transactionManager() {
		return new Transactions();
	}

	/**
	 * Notes what Spring would log.
	 */
	@Bean
	ThreadPoolTaskScheduler taskScheduler(Errors errors) {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setErrorHandler((error) -> errors.first().complete(error));
		return scheduler;
	}

	@Bean
	Errors errors() {
		return new Errors(new CompletableFuture<>());
	}

	@Bean
	Clockwork clockwork() {
		return new Clockwork();
	}

	@Bean
	Notes notes() {
		return new Notes();
	}

	@Bean
	Ticks ticks(Notes notes) {
		return new Ticks(notes);
	}

	static class Notes {

		private final AtomicInteger tries = new AtomicInteger();

		private final AtomicInteger computed = new AtomicInteger();

		int tries() {
			return this.tries.get();
		}

		@Async
		@RateLimited("mails")
		void mail() {
		}

		@Async
		@RateLimited("mails")
		CompletableFuture<String> mailed() {
			return CompletableFuture.completedFuture("mailed");
		}

		@Retryable(maxAttempts = 3)
		@RateLimited(policy = "retried", key = "global")
		void retried() {
			throw new IllegalStateException("try " + this.tries.incrementAndGet());
		}

		@Cacheable("notes")
		@RateLimited(policy = "cached", key = "global")
		Integer cached() {
			return this.computed.incrementAndGet();
		}

		@Transactional
		@RateLimited(policy = "saved", key = "global")
		void save() {
			throw new IllegalStateException("rolled back");
		}

		@EventListener
		@RateLimited(policy = "heard", key = "global")
		void hear(String event) {
		}

		@RateLimited(policy = "ticked", key = "global")
		void tick() {
		}

	}

	record Errors(CompletableFuture<Throwable> first) {

	}

	static class Clockwork {

		@Scheduled(fixedDelay = 10)
		@RateLimited(policy = "clocked", key = "global")
		void tick() {
		}

	}

	static class Ticks {

		final CountDownLatch refused = new CountDownLatch(1);

		private final Notes notes;

		Ticks(Notes notes) {
			this.notes = notes;
		}

		@Scheduled(fixedDelay = 10)
		void tick() {
			try {
				this.notes.tick();
			}
			catch (RateLimitExceededException ex) {
				this.refused.countDown();
			}
		}

	}

	static class Transactions extends AbstractPlatformTransactionManager implements PlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		final AtomicInteger begun = new AtomicInteger();

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.begun.incrementAndGet();
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

	@RestController
	static class NoteController {

		private final Notes notes;

		private final ApplicationEventPublisher events;

		NoteController(Notes notes, ApplicationEventPublisher events) {
			this.notes = notes;
			this.events = events;
		}

		@GetMapping("/mail")
		String mail() {
			this.notes.mail();
			return "accepted";
		}

		@GetMapping("/mailed")
		CompletableFuture<String> mailed() {
			return this.notes.mailed();
		}

		@GetMapping("/event")
		String event() {
			this.events.publishEvent("event");
			return "published";
		}

	}

}
