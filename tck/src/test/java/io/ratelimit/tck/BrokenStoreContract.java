package io.ratelimit.tck;

import java.time.Duration;

import io.ratelimit.RateLimitStore;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The contract of a store with a fault. Run by {@link LawsTests} only, which says what
 * the fault is.
 */
@ExtendWith(BrokenStoreContract.FaultResolver.class)
class BrokenStoreContract extends RateLimitStoreContract {

	static final String FAULT = "io.ratelimit.tck.fault";

	private final FakeTicker ticker = new FakeTicker();

	private final Fault fault;

	BrokenStoreContract(Fault fault) {
		this.fault = fault;
	}

	@Override
	protected ContractClock clock() {
		return this.ticker;
	}

	@Override
	protected RateLimitStore createStore() {
		return this.fault.store().apply(this.ticker);
	}

	@Override
	protected int traces() {
		return 2;
	}

	@Override
	protected Duration patience() {
		return Duration.ofSeconds(2);
	}

	static final class FaultResolver implements ParameterResolver {

		@Override
		public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
			return parameter.getParameter().getType() == Fault.class;
		}

		@Override
		public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
			return Fault.named(extension.getConfigurationParameter(FAULT).orElseThrow());
		}

	}

}
