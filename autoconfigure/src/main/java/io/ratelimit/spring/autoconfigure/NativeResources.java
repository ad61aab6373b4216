package io.ratelimit.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * The files that a native image has to keep: the script of the store in Redis, and the
 * operators' page.
 */
final class NativeResources implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern("io/ratelimit/redis/*.lua")
			.registerPattern("io/ratelimit/spring/actuate/console.*")
			.registerPattern("io/ratelimit/spring/actuate/icon.svg");
	}

}
