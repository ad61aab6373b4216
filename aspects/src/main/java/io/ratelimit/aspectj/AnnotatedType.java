package io.ratelimit.aspectj;

/**
 * A type that carries {@link io.ratelimit.annotation.RateLimited}, or a subtype of one.
 * Written by the weaver into the classes that it weaves, never by hand.
 */
public interface AnnotatedType {

}
