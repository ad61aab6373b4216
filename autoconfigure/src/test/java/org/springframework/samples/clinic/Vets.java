package org.springframework.samples.clinic;

import io.ratelimit.annotation.RateLimited;

/**
 * A class of an application that stands in a package like Spring's own.
 */
public class Vets {

	/**
	 * A limited method.
	 */
	@RateLimited("one")
	public void list() {
		// is not called
	}

}
