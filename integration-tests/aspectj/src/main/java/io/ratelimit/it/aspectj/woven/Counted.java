package io.ratelimit.it.aspectj.woven;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.ratelimit.annotation.RateLimited;

/**
 * A composed annotation.
 */
@RateLimited(policy = "p", key = "global")
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface Counted {

}
