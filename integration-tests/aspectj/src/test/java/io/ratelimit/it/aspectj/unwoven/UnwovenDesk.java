package io.ratelimit.it.aspectj.unwoven;

import io.ratelimit.annotation.RateLimited;

/**
 * A class that no weaver has seen.
 */
public class UnwovenDesk {

	@RateLimited("p")
	public void limited() {
	}

}
