package io.ratelimit.spring.web.servlet;

import java.util.Locale;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.web.servlet.ServletProperties.Wait;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * How many threads of the server may wait at a time: half of them unless configured, and
 * any number of virtual ones.
 */
final class WaitingThreads {

	private static final int DEFAULT_THREADS = 200;

	private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

	private static final int UNDERTOW_THREADS_PER_PROCESSOR = 16;

	private WaitingThreads() {
	}

	/**
	 * Returns how delayed requests wait.
	 * @param server what the container says of itself
	 */
	static Waiting of(ServletProperties.Http http, Environment environment, @Nullable String server) {
		Integer most = http.waitingThreads();
		if (most != null && most < 1) {
			throw new InvalidRateLimitException("ratelimit.http.waiting-threads",
					"%s threads could not wait for anybody".formatted(most),
					"Set it to at least 1, or leave it out for half of the server's threads.");
		}
		int threads = (most != null) ? most : Math.max(1, threads(environment, server) / 2);
		if (http.waiting() == Wait.ASYNC) {
			return Waiting.asynchronous(threads);
		}
		return (most == null && areVirtual(environment)) ? Waiting.unbounded() : Waiting.withThreads(threads);
	}

	private static boolean areVirtual(Environment environment) {
		return environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false)
				&& Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
	}

	private static int threads(Environment environment, @Nullable String server) {
		String name = (server != null) ? server.toLowerCase(Locale.ROOT) : "";
		if (name.contains("undertow")) {
			return environment.getProperty("server.undertow.threads.worker", Integer.class,
					UNDERTOW_THREADS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
		}
		return environment.getProperty(
				name.contains("jetty") ? "server.jetty.threads.max" : "server.tomcat.threads.max", Integer.class,
				DEFAULT_THREADS);
	}

}
