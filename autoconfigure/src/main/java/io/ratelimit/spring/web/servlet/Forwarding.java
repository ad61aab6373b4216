package io.ratelimit.spring.web.servlet;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * The component that reads forwarding headers, and so determines the client's address.
 */
enum Forwarding {

	/** No component: the address is that of the connection. */
	NONE,

	/**
	 * The container, from the right, where the connection comes from a private network.
	 */
	TOMCAT,

	/** The container, which takes the first address of the header. */
	CONTAINER,

	/** Spring's filter, which takes the first address of the header. */
	FRAMEWORK;

	/**
	 * Returns what is in force: a filter of the application's own, what is configured or
	 * else, on a cloud platform, what Spring Boot turns on by itself.
	 * @param server what the container says of itself
	 */
	static Forwarding of(Environment environment, @Nullable String server, ListableBeanFactory beans) {
		if (hasFilter(beans)) {
			return FRAMEWORK;
		}
		String strategy = environment.getProperty("server.forward-headers-strategy", "").toLowerCase(Locale.ROOT);
		if (strategy.isEmpty()) {
			CloudPlatform platform = CloudPlatform.getActive(environment);
			strategy = (platform != null && platform.isUsingForwardHeaders()) ? "native" : "none";
		}
		return switch (strategy) {
			case "framework" -> FRAMEWORK;
			case "native" ->
				(server == null || server.toLowerCase(Locale.ROOT).contains("tomcat")) ? TOMCAT : CONTAINER;
			default -> NONE;
		};
	}

	private static boolean hasFilter(ListableBeanFactory beans) {
		ResolvableType registration = ResolvableType.forClassWithGenerics(FilterRegistrationBean.class,
				ForwardedHeaderFilter.class);
		return beans.getBeanNamesForType(ForwardedHeaderFilter.class, true, false).length > 0
				|| beans.getBeanNamesForType(registration, true, false).length > 0;
	}

}
