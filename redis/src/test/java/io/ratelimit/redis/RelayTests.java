package io.ratelimit.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RelayTests {

	private static final int TASKS = 200;

	@Test
	void noTaskWaitsForOneThatBlocks() throws InterruptedException {
		Relay relay = new Relay("test");
		CountDownLatch started = new CountDownLatch(TASKS);
		CountDownLatch end = new CountDownLatch(1);
		for (int i = 0; i < TASKS; i++) {
			relay.execute(() -> {
				started.countDown();
				await(end);
			});
		}
		assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
		end.countDown();
	}

	@Test
	void tasksThatAreGivenTogetherShareThreads() throws InterruptedException {
		Relay relay = new Relay("test");
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		CountDownLatch given = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(TASKS);
		relay.execute(() -> await(given));
		for (int i = 0; i < TASKS; i++) {
			relay.execute(() -> {
				threads.add(Thread.currentThread());
				done.countDown();
			});
		}
		given.countDown();
		assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(threads).hasSizeLessThan(TASKS / 4);
	}

	@Test
	void everyTaskOfManyThreadsRuns() throws InterruptedException {
		Relay relay = new Relay("test");
		AtomicInteger ran = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(8 * 10_000);
		for (int i = 0; i < 8; i++) {
			new Thread(() -> {
				for (int task = 0; task < 10_000; task++) {
					relay.execute(() -> {
						ran.incrementAndGet();
						done.countDown();
					});
				}
			}).start();
		}
		assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(ran).hasValue(8 * 10_000);
	}

	@Test
	void aTaskThatThrowsStopsNoOther() throws InterruptedException {
		Relay relay = new Relay("test");
		CountDownLatch done = new CountDownLatch(1);
		relay.execute(() -> {
			Thread.currentThread().setUncaughtExceptionHandler((thread, ex) -> {
			});
			throw new IllegalStateException("thrown by the test");
		});
		relay.execute(done::countDown);
		assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
