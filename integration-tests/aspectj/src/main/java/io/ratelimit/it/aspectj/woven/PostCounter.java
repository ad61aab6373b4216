package io.ratelimit.it.aspectj.woven;

import io.ratelimit.annotation.RateLimited;

/**
 * A class that is limited by what it extends.
 */
public final class PostCounter extends BankCounter {

	@Override
	public String serve(String customer) {
		return super.serve(customer);
	}

	@RateLimited(disabled = true)
	public String serveAsABankDoes(String customer) {
		return super.serve(customer);
	}

}
