package io.ratelimit.spring.web.servlet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The servlet filters, as they stand in configuration.
 *
 * @param http Filters for requests, and how requests wait.
 */
@ConfigurationProperties("ratelimit")
record ServletProperties(@DefaultValue Http http) {

	/**
	 * Filters for requests, and how requests wait.
	 *
	 * @param filterOrder Order of the servlet filter before Spring Security. By default
	 * right before it.
	 * @param principalFilterOrder Order of the servlet filter for policies whose key
	 * needs a principal. By default right behind Spring Security; to be set where
	 * something else authenticates.
	 * @param waiting How requests wait that a leaky bucket delays.
	 * @param waitingThreads Most threads that wait at a time. By default half of those
	 * that the server has.
	 */
	record Http(@Nullable Integer filterOrder, @Nullable Integer principalFilterOrder,
			@DefaultValue("thread") Wait waiting, @Nullable Integer waitingThreads) {
	}

	/**
	 * How delayed requests wait.
	 */
	enum Wait {

		/** With their thread, in the filter. */
		THREAD,

		/**
		 * Without a thread, by an asynchronous dispatch that every filter has to support.
		 */
		ASYNC

	}

}
