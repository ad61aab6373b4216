package io.ratelimit.it.aspectj.woven;

/**
 * A class that is limited by what it extends.
 */
public final class PostCounter extends BankCounter {

	@Override
	public String serve(String customer) {
		return super.serve(customer);
	}

}
