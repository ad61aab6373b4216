package io.ratelimit.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits the calls of a method, or of every method of a type. Names a policy of the
 * configuration, or states a limit in place. Repeated, all must allow or nothing is
 * taken. Can be composed into annotations of one's own.
 *
 * <pre class="code">
 * &#64;RateLimited("exports")
 * &#64;RateLimited(policy = "exports", key = "#user.name")
 * &#64;RateLimited(limits = "5/1m", key = "#userId")
 * </pre>
 *
 * On a method it replaces what stands on the type.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Repeatable(RateLimited.List.class)
public @interface RateLimited {

	/**
	 * Name of a configured policy; short for {@link #policy()}.
	 * @return the policy's name
	 */
	String value() default "";

	/**
	 * Name of a configured policy.
	 * @return the policy's name
	 */
	String policy() default "";

	/**
	 * Limits in place of a policy's name, as in configuration: {@code 5/1m}, or several
	 * separated by commas, all of which must allow. Placeholders are resolved.
	 * @return the limits
	 */
	String limits() default "";

	/**
	 * Who is being counted: an expression over the method's parameters such as
	 * {@code #user.name}, or a key as in configuration such as {@code principal}. Where
	 * it is left out the policy's own key counts.
	 * @return the key
	 */
	String key() default "";

	/**
	 * Permits that a call takes: a number, or an expression over the method's parameters
	 * such as {@code #items.size()}. Where it is left out, one.
	 * @return the cost
	 */
	String cost() default "";

	/**
	 * Whether the method is exempt from what stands on its type.
	 * @return whether nothing is limited here
	 */
	boolean disabled() default false;

	/**
	 * Several annotations on one element.
	 */
	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Inherited
	@Documented
	@interface List {

		/**
		 * The annotations, all of which must allow.
		 * @return the annotations
		 */
		RateLimited[] value();

	}

}
