package io.ratelimit.it.docs;

import io.lettuce.core.RedisClient;
import io.ratelimit.RateLimits;

/**
 * What snippets of the documentation name and do not show.
 */
public abstract class GivenNames {

	final Alarm alarm = (parts) -> {
	};

	RateLimits limits;

	RedisClient client;

	String user = "user";

	String address = "192.0.2.1";

	/**
	 * Raises alarms.
	 */
	public interface Alarm {

		void raise(Object... parts);

	}

	/**
	 * Has a name.
	 */
	public record User(String name) {
	}

	/**
	 * Takes long to write.
	 */
	public record Report(String text) {
	}

	/**
	 * Knows who pays.
	 */
	public interface Customers {

		boolean isPaying(String key);

	}

}
