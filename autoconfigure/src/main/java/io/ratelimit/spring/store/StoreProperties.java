package io.ratelimit.spring.store;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where permits are counted, as it stands in configuration.
 *
 * @param store Where permits are counted, unless there is a store bean of the
 * application's own.
 * @param caffeine In-process store.
 * @param redis Store in Redis.
 */
@ConfigurationProperties("ratelimit")
record StoreProperties(@DefaultValue("caffeine") Store store, @DefaultValue Caffeine caffeine,
		@DefaultValue Redis redis) {

	/**
	 * Where permits are counted.
	 */
	enum Store {

		/** In this process. */
		CAFFEINE,

		/** In Redis, for applications that run on many machines. */
		REDIS

	}

	/**
	 * In-process store.
	 *
	 * @param maximumKeys Most keys that each policy keeps.
	 */
	record Caffeine(@DefaultValue("100000") long maximumKeys) {
	}

	/**
	 * Store in Redis.
	 *
	 * @param keyPrefix What every key in Redis begins with.
	 * @param timeout Longest time that a decision waits for Redis.
	 * @param lease Most permits of a key in heavy use that are taken in one call and
	 * spent without one. No leases if 0.
	 */
	record Redis(@DefaultValue("ratelimit:") String keyPrefix, @DefaultValue("50ms") Duration timeout,
			@DefaultValue("0") long lease) {
	}

}
