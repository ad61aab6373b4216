package io.ratelimit.harness;

import org.springframework.util.ClassUtils;

/**
 * What serves the applications of this run. Containers differ in the paths that they turn
 * away themselves: Jetty answers 400 to what is ambiguous, before any filter runs;
 * Undertow does not resolve dots, so that nothing is found there.
 */
public enum Container {

	/** Apache Tomcat. */
	TOMCAT("org.apache.catalina.startup.Tomcat"),

	/** Eclipse Jetty. */
	JETTY("org.eclipse.jetty.server.Server"),

	/** Undertow, which Spring Boot knows up to 3.5. */
	UNDERTOW("io.undertow.Undertow");

	private final String className;

	Container(String className) {
		this.className = className;
	}

	/**
	 * Returns the container on the class path.
	 * @return the container
	 */
	public static Container running() {
		for (Container container : values()) {
			if (ClassUtils.isPresent(container.className, null)) {
				return container;
			}
		}
		throw new IllegalStateException("No container is on the class path");
	}

	/**
	 * Returns what is expected of the container that runs.
	 * @param <T> the type of it
	 * @param tomcat what is expected of Tomcat
	 * @param jetty what is expected of Jetty
	 * @param undertow what is expected of Undertow
	 * @return one of them
	 */
	public static <T> T expect(T tomcat, T jetty, T undertow) {
		return switch (running()) {
			case TOMCAT -> tomcat;
			case JETTY -> jetty;
			case UNDERTOW -> undertow;
		};
	}

}
