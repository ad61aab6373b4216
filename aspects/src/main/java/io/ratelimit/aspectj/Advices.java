package io.ratelimit.aspectj;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.aspectj.lang.JoinPoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The advice of all application contexts that limit woven methods. There are several
 * where tests keep contexts, or where contexts have parents. Safe for use by many
 * threads.
 */
final class Advices {

	private static final Logger logger = LoggerFactory.getLogger(Advices.class);

	/** The latest first. Replaced, never changed. */
	private volatile List<CallAdvice> advices = List.of();

	private final AtomicBoolean warned = new AtomicBoolean();

	synchronized void add(CallAdvice advice) {
		List<CallAdvice> changed = new ArrayList<>(this.advices);
		changed.remove(advice);
		changed.add(0, advice);
		this.advices = List.copyOf(changed);
		this.warned.set(false);
	}

	synchronized void remove(CallAdvice advice) {
		List<CallAdvice> changed = new ArrayList<>(this.advices);
		changed.remove(advice);
		this.advices = List.copyOf(changed);
	}

	/**
	 * Returns the advice of the context that an object belongs to; of the latest one if
	 * it belongs to none.
	 * @param call the call of the object, or of a static method
	 * @return the advice, or {@code null} if there is no context
	 */
	@Nullable CallAdvice around(JoinPoint call) {
		List<CallAdvice> advices = this.advices;
		if (advices.size() == 1) {
			return advices.get(0);
		}
		if (advices.isEmpty()) {
			warn(call);
			return null;
		}
		Object target = call.getThis();
		if (target != null) {
			for (CallAdvice advice : advices) {
				if (advice.owns(target)) {
					return advice;
				}
			}
		}
		return advices.get(0);
	}

	private void warn(JoinPoint call) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("{} carries @RateLimited and is woven, and is called where no application context with "
					+ "ratelimit.method.mode=aspectj is open: the aspect limits no calls now. This is logged once",
					call.getSignature().toShortString());
		}
	}

}
