package io.ratelimit.aspectj;

import org.aspectj.lang.JoinPoint;
import org.jspecify.annotations.Nullable;

/**
 * What an application context does around calls of woven methods. Safe for use by many
 * threads.
 */
public interface CallAdvice {

	/**
	 * Returns whether an object belongs to this context, so that no other limits it.
	 * @param target the object that is called
	 * @return whether it does
	 */
	boolean owns(Object target);

	/**
	 * Makes a call, unless it is over its limit.
	 * @param call the call
	 * @param body the body of the method
	 * @return what the method returns
	 * @throws Throwable what the method throws, or the refusal
	 */
	@Nullable Object around(JoinPoint call, Body body) throws Throwable;

	/**
	 * The body of a woven method together with the arguments of a call, and with the
	 * aspects further inside.
	 */
	@FunctionalInterface
	interface Body {

		/**
		 * Runs the body. Can be called again and again, and on any thread.
		 * @return what the method returns
		 * @throws Throwable what the method throws
		 */
		@Nullable Object run() throws Throwable;

	}

}
