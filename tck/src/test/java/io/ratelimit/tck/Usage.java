package io.ratelimit.tck;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Policy;

/**
 * What one key has used of one policy.
 */
final class Usage {

	final String policy;

	final List<Ledger> ledgers = new ArrayList<>();

	Usage(Policy policy, long begin) {
		this.policy = policy.name();
		policy.limits().forEach((limit) -> this.ledgers.add(new Ledger(limit, begin)));
	}

}
