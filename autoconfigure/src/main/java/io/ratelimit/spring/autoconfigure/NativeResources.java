package io.ratelimit.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/**
 * What a native image has to keep: the script of the store in Redis, the operators' page
 * and that of refusals, the reference, the types that properties are bound to, the
 * methods that a refresh compares properties by, and the one that reads a limit.
 */
final class NativeResources implements RuntimeHintsRegistrar {

	/** What finds an application's own page for a refusal. */
	private static final String[] ERROR_VIEW_RESOLVERS = {
			"org.springframework.boot.webmvc.autoconfigure.error.ErrorViewResolver",
			"org.springframework.boot.autoconfigure.web.servlet.error.ErrorViewResolver" };

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern("io/ratelimit/redis/*.lua")
			.registerPattern("io/ratelimit/spring/observe/console.*")
			.registerPattern("io/ratelimit/spring/observe/*.js")
			.registerPattern("io/ratelimit/spring/observe/icon.svg")
			.registerPattern("io/ratelimit/spring/web/servlet/refusal.html")
			.registerPattern("META-INF/ratelimit/*.md");
		for (String resolver : ERROR_VIEW_RESOLVERS) {
			hints.reflection().registerTypeIfPresent(classLoader, resolver, MemberCategory.INVOKE_PUBLIC_METHODS);
		}
		BindableRuntimeHintsRegistrar.forTypes(PropertyTypes.ALL).registerHints(hints);
		for (Class<?> type : PropertyTypes.ALL) {
			hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS);
			for (Class<?> block : type.getDeclaredClasses()) {
				hints.reflection().registerType(block, MemberCategory.INVOKE_PUBLIC_METHODS);
			}
		}
		hints.reflection().registerType(PropertyTypes.limit(), MemberCategory.INVOKE_PUBLIC_METHODS);
	}

}
