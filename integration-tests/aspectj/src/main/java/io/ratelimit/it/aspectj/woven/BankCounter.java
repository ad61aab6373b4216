package io.ratelimit.it.aspectj.woven;

import io.ratelimit.annotation.RateLimited;

/**
 * A class that is limited by its interface, and by itself.
 */
@RateLimited(policy = "p", key = "global")
public class BankCounter implements Counter<String> {

	@Override
	public String serve(String customer) {
		return customer;
	}

	@RateLimited(disabled = true)
	public boolean isClosed() {
		return !isOpen();
	}

	private String unmarked() {
		return "";
	}

	public final String greeting() {
		return unmarked();
	}

}
