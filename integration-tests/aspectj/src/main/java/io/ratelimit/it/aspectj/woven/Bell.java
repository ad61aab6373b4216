package io.ratelimit.it.aspectj.woven;

import io.ratelimit.annotation.RateLimited;

/**
 * A class that proxies can limit as well.
 */
public class Bell {

	@RateLimited(policy = "p", key = "global")
	public String ring() {
		return "ding";
	}

}
