package io.ratelimit.tck;

import io.ratelimit.RateLimitStore;
import io.ratelimit.caffeine.CaffeineRateLimitStore;

/**
 * The in-process store keeps the contract.
 */
class CaffeineRateLimitStoreContractTests extends RateLimitStoreContract {

	private final FakeTicker ticker = new FakeTicker();

	@Override
	protected ContractClock clock() {
		return this.ticker;
	}

	@Override
	protected RateLimitStore createStore() {
		return CaffeineRateLimitStore.builder()
			.maximumKeys(100_000)
			.ticker(this.ticker::nanos)
			.clock(this.ticker.wallClock())
			.build();
	}

}
