package io.ratelimit.spring.method;

import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ClassUtils;

/**
 * What a thread knows of the call that it makes: class loader, locale, logging context
 * and authenticated user. Captured where a call is made by another thread. Immutable.
 */
final class CallerContext {

	private static final boolean SECURITY = ClassUtils.isPresent(
			"org.springframework.security.core.context.SecurityContextHolder", CallerContext.class.getClassLoader());

	private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

	private final @Nullable LocaleContext locale = LocaleContextHolder.getLocaleContext();

	private final @Nullable Map<String, String> logging = MDC.getCopyOfContextMap();

	private final @Nullable Object security = SECURITY ? Security.current() : null;

	private CallerContext() {
	}

	/**
	 * Returns the context of the calling thread.
	 */
	static CallerContext capture() {
		return new CallerContext();
	}

	/**
	 * Returns work that runs in this context, on whichever thread, and leaves that thread
	 * as it was.
	 */
	<T> Supplier<T> wrap(Supplier<T> work) {
		return () -> {
			CallerContext former = capture();
			apply();
			try {
				return work.get();
			}
			finally {
				former.apply();
			}
		};
	}

	private void apply() {
		Thread.currentThread().setContextClassLoader(this.loader);
		LocaleContextHolder.setLocaleContext(this.locale);
		if (this.logging != null) {
			MDC.setContextMap(this.logging);
		}
		else {
			MDC.clear();
		}
		if (this.security != null) {
			Security.apply(this.security);
		}
	}

	/**
	 * Spring Security's part, loaded only where that is on the class path.
	 */
	private static final class Security {

		static Object current() {
			return SecurityContextHolder.getContext();
		}

		static void apply(Object context) {
			if (context.equals(SecurityContextHolder.createEmptyContext())) {
				SecurityContextHolder.clearContext();
			}
			else {
				SecurityContextHolder.setContext((SecurityContext) context);
			}
		}

	}

}
