package io.ratelimit.aspectj;

import io.ratelimit.annotation.RateLimited;

import org.aspectj.lang.annotation.SuppressAjWarnings;

/**
 * Advises the execution of methods that carry {@link RateLimited}, and of those of types
 * that carry it as far as they are neither private nor static; also where it is composed
 * or repeated. What is limited of them is decided by the application context. Calls
 * before the first one is there and after the last one is closed are not limited.
 */
/*
 * Methods are marked first, and advised by the mark. So a class itself tells which of its
 * methods are woven, whoever has woven it.
 *
 * What the patterns do not see stops the start: annotations of overridden methods, of
 * interfaces, and what is composed on more than two levels. The weaver does not read
 * supertypes reliably, as a class is woven before its supertypes are loaded.
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
	 * The first two of the types are patterns of their own, as only those heed @Inherited.
	 */
	declare @method : !@(RateLimited || RateLimited.List
			|| (@(RateLimited || RateLimited.List) *)
			|| (@(@(RateLimited || RateLimited.List) *) *)) !private !static * ((@RateLimited *)
			|| (@RateLimited.List *)
			|| (@(@(RateLimited || RateLimited.List) *) *)
			|| (@(@(@(RateLimited || RateLimited.List) *) *) *)).*(..) : @Woven;

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
