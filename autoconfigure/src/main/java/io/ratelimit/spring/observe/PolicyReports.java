package io.ratelimit.spring.observe;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import io.ratelimit.Policy;
import io.ratelimit.spring.observe.RecentRefusals.Summary;
import io.ratelimit.spring.observe.RefusalReport.OffenderReport;
import io.ratelimit.spring.policy.LivePolicies;

/**
 * Reports what is known of policies.
 */
final class PolicyReports {

	private static final int OFFENDERS = 10;

	private final DecisionCounts counts;

	private final Offenders offenders;

	private final LivePolicies policies;

	private final Supplier<StoreReport> store;

	private final KeyNames names;

	PolicyReports(DecisionCounts counts, Offenders offenders, LivePolicies policies, Supplier<StoreReport> store,
			KeyNames names) {
		this.counts = counts;
		this.offenders = offenders;
		this.policies = policies;
		this.store = store;
		this.names = names;
	}

	PolicyReport of(Policy policy, boolean showKeys) {
		StoreReport store = this.store.get();
		PolicyUse use = PolicyUse.of(policy.name(), this.policies);
		return new PolicyReport(policy.name(), policy.mode().name().toLowerCase(Locale.ROOT),
				policy.failureMode().name().toLowerCase(Locale.ROOT), store.name(), store.state(),
				policy.limits().stream().map((limit) -> LimitReport.of(policy, limit)).toList(), use.paths(),
				use.except(), use.methods(), use.key(), use.cost(), use.calls(), decisions(policy.name()),
				this.counts.near(policy.name()), this.counts.local(policy.name()), refusals(policy.name(), showKeys));
	}

	private Map<String, Long> decisions(String policy) {
		Map<String, Long> decisions = new LinkedHashMap<>();
		for (Outcome outcome : Outcome.values()) {
			decisions.put(outcome.id(), this.counts.count(policy, outcome));
		}
		return decisions;
	}

	private RefusalReport refusals(String policy, boolean showKeys) {
		Summary summary = this.offenders.summary(policy, OFFENDERS);
		return new RefusalReport(summary.refusals(), summary.missed(),
				summary.worst()
					.stream()
					.map((worst) -> new OffenderReport(this.names.of(worst.key()), showKeys ? worst.key() : null,
							worst.refusals(), worst.error()))
					.toList());
	}

}
