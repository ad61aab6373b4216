package io.ratelimit.it.metrics;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.ratelimit.harness.Application;

/**
 * Some requests a second to each application.
 */
final class Traffic implements AutoCloseable {

	private final Thread thread;

	private volatile boolean over;

	Traffic(Map<String, Application> applications) {
		this.thread = new Thread(() -> {
			while (!this.over) {
				applications.forEach((job, application) -> application.get("/api"));
				applications.get("shop").get("/trial");
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
			}
		}, "traffic");
		this.thread.start();
	}

	@Override
	public void close() {
		this.over = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
