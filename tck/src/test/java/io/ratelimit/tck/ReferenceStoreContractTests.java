package io.ratelimit.tck;

import java.time.Duration;
import java.time.Instant;

import io.ratelimit.RateLimitStore;

/**
 * A store that remembers everything keeps the contract, also where its clock shows
 * microseconds only.
 */
class ReferenceStoreContractTests extends RateLimitStoreContract {

	private final FakeTicker ticker = new FakeTicker(Instant.parse("2027-02-28T23:59:59.999999Z"),
			Duration.ofNanos(1_000));

	@Override
	protected ContractClock clock() {
		return this.ticker;
	}

	@Override
	protected RateLimitStore createStore() {
		return new ReferenceStore(this.ticker);
	}

	@Override
	protected int traces() {
		return 2;
	}

}
