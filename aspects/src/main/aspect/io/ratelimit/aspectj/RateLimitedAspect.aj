package io.ratelimit.aspectj;

import io.ratelimit.annotation.RateLimited;

import org.aspectj.lang.annotation.SuppressAjWarnings;

/**
 * Advises the execution of methods that carry {@link RateLimited}, also composed and
 * repeated, and those of types that carry it, or of their subtypes, as far as these are
 * neither private nor static. What is limited of them is decided by the application
 * context; calls before the first one and after the last one are not limited.
 */
/*
 * Methods are marked first, and advised by the mark. So a class itself tells which of its
 * methods are woven, whoever has woven it. Patterns do not see annotations of overridden
 * methods, and annotations of annotations up to three levels.
 *
 * Methods without a mark are the context's affair: it stops the start.
 */
public aspect RateLimitedAspect {

	/*
	 * Outside of transactions, caching and the like, if these are woven too.
	 */
	declare precedence : RateLimitedAspect, *;

	declare @method : @(RateLimited || RateLimited.List
			|| (@(RateLimited || RateLimited.List) *)
			|| (@(@(RateLimited || RateLimited.List) *) *)) * *(..) : @Woven;

	/*
	 * The first two are patterns of their own as only those heed @Inherited.
	 */
	declare parents : ((@RateLimited *) || (@RateLimited.List *)
			|| (@(@(RateLimited || RateLimited.List) *) *)
			|| (@(@(@(RateLimited || RateLimited.List) *) *) *)) && !is(AnnotationType) implements AnnotatedType;

	declare @method : !private !static * AnnotatedType+.*(..) : @Woven;

	private final Advices advices = new Advices();

	@SuppressAjWarnings("adviceDidNotMatch")
	Object around() : execution(@Woven * *(..)) {
		CallAdvice advice = this.advices.around(thisJoinPoint);
		if (advice == null) {
			return proceed();
		}
		try {
			return advice.around(thisJoinPoint, new CallAdvice.Body() {

				@Override
				public Object run() {
					return proceed();
				}

			});
		}
		catch (Throwable ex) {
			throw RateLimitedAspect.<RuntimeException>unchecked(ex);
		}
	}

	/**
	 * Adds the advice of a context. Calls of objects that no context owns are made by the
	 * latest that was added.
	 * @param advice the advice
	 */
	public void add(CallAdvice advice) {
		this.advices.add(advice);
	}

	/**
	 * Removes the advice of a context.
	 * @param advice the advice
	 */
	public void remove(CallAdvice advice) {
		this.advices.remove(advice);
	}

	/*
	 * The advice throws what the method may throw.
	 */
	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException unchecked(Throwable ex) throws T {
		throw (T) ex;
	}

}
