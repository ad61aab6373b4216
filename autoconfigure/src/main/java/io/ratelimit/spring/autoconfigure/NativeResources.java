package io.ratelimit.spring.autoconfigure;

import java.util.List;

import io.ratelimit.spring.autoconfigure.RateLimitProperties.Caffeine;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.Events;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.Http;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.Log;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.Method;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.Redis;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What a native image has to keep: the script of the store in Redis, the operators' page,
 * the reference, the methods that a refresh compares properties by, and the one that
 * reads a limit.
 */
final class NativeResources implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern("io/ratelimit/redis/*.lua")
			.registerPattern("io/ratelimit/spring/actuate/console.*")
			.registerPattern("io/ratelimit/spring/actuate/icon.svg")
			.registerPattern("META-INF/ratelimit/*.md");
		for (Class<?> block : List.of(RateLimitProperties.class, Http.class, Caffeine.class, Redis.class, Method.class,
				Events.class, Log.class, LimitProperties.class)) {
			hints.reflection().registerType(block, MemberCategory.INVOKE_PUBLIC_METHODS);
		}
	}

}
