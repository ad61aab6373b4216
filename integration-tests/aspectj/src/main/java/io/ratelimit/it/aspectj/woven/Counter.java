package io.ratelimit.it.aspectj.woven;

import io.ratelimit.annotation.RateLimited;

/**
 * A limited interface.
 */
@Counted
public interface Counter<T> {

	T serve(T customer);

	default T serveTwice(T customer) {
		serve(customer);
		return serve(customer);
	}

	@RateLimited(disabled = true)
	default boolean isOpen() {
		return true;
	}

}
