package io.ratelimit.spring.policy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The timer of the JDK, a thread that lives as long as the virtual machine and that
 * delayed calls go by.
 */
/*
 * A thread keeps the class loader of the one that started it, and until JDK 24 those of
 * all code on its stack. In a container that would be an application, which could never
 * be unloaded. So a worker of the common pool starts the timer, when it has left the code
 * here.
 */
final class JdkTimer {

	private JdkTimer() {
	}

	/**
	 * Starts the timer, unless it runs.
	 */
	static void start() {
		Thread thread = Thread.currentThread();
		ClassLoader classLoader = thread.getContextClassLoader();
		thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
		try {
			CountDownLatch complete = new CountDownLatch(1);
			CompletableFuture<Void> worker = CompletableFuture.runAsync(() -> await(complete));
			CompletableFuture<Void> unused = worker.thenRunAsync(() -> {
			}, CompletableFuture.delayedExecutor(1, TimeUnit.NANOSECONDS));
			complete.countDown();
		}
		finally {
			thread.setContextClassLoader(classLoader);
		}
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
