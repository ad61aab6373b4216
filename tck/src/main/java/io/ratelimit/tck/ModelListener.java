package io.ratelimit.tck;

import io.ratelimit.Decision;
import io.ratelimit.Limit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds every decision of a trace against that of a {@link Model}, number for number.
 */
final class ModelListener implements Laws.Listener {

	private final Laws laws;

	private final Limit limit;

	private Model model;

	ModelListener(Laws laws, Limit limit) {
		this.laws = laws;
		this.limit = limit;
		this.model = laws.model(limit);
	}

	@Override
	public void begin() {
		this.model = this.laws.model(this.limit);
	}

	@Override
	public void claimed(long permits, Decision decision, String claim) {
		Decision expected = this.model.tryAcquire(this.laws.policy(this.limit), permits, this.laws.now());
		if (!decision.equals(expected)) {
			assertThat(decision).as("%s, of %d permits at %d", claim, permits, this.laws.now()).isEqualTo(expected);
		}
	}

}
