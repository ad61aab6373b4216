package io.ratelimit.spring.store;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.util.ClassUtils;

/**
 * Finds out what is missing where permits are to be counted in Redis and cannot be.
 */
final class MissingRedis {

	private static final String STORE = "io.ratelimit.redis.RedisRateLimitStore";

	private static final String CONNECTION_FACTORY = "org.springframework.data.redis.connection.RedisConnectionFactory";

	private static final String PROPERTY = "ratelimit.store";

	private static final String OR = ", or remove the property to count in process.";

	private MissingRedis() {
	}

	static InvalidRateLimitException exception(@Nullable ClassLoader classLoader) {
		if (!ClassUtils.isPresent(STORE, classLoader)) {
			return new InvalidRateLimitException(PROPERTY,
					"'redis' takes the store in Redis, which is not on the class path",
					"Add the dependencies io.ratelimit:ratelimit-redis and org.springframework.boot:spring-boot-starter-data-redis"
							+ OR);
		}
		if (!ClassUtils.isPresent(CONNECTION_FACTORY, classLoader)) {
			return new InvalidRateLimitException(PROPERTY,
					"'redis' takes a connection of Spring Data Redis, which is not on the class path",
					"Add the dependency org.springframework.boot:spring-boot-starter-data-redis" + OR);
		}
		if (AotDetector.useGeneratedArtifacts()) {
			return new InvalidRateLimitException(PROPERTY,
					"it is 'redis', and was not when the application was processed ahead of time, or there was no single "
							+ "LettuceConnectionFactory",
					"Process the application ahead of time as it is to run, in the same profiles" + OR);
		}
		return new InvalidRateLimitException(PROPERTY,
				"'redis' takes a LettuceConnectionFactory, and there is none, or several and none of them primary",
				"Add the dependency org.springframework.boot:spring-boot-starter-data-redis and set spring.data.redis.*, "
						+ "or define a LettuceConnectionFactory (with @Primary if there are several)" + OR);
	}

	static InvalidRateLimitException otherClient(Object factory) {
		return new InvalidRateLimitException(PROPERTY,
				"'redis' takes a LettuceConnectionFactory, and the connection factory is a %s"
					.formatted(factory.getClass().getSimpleName()),
				"Use Lettuce: remove 'spring.data.redis.client-type', or define a LettuceConnectionFactory" + OR);
	}

}
