package io.ratelimit.it.aspectj.woven;

import io.ratelimit.annotation.RateLimited;

/**
 * A class with a mistake.
 */
public class UnknownPolicy {

	@RateLimited("unknown")
	private void limited() {
	}

	public void call() {
		limited();
	}

}
