package io.ratelimit.spring.request;

import io.ratelimit.spring.policy.LivePolicies;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Reads paths as the application's handlers read them, once these are there.
 */
final class PathStart implements SmartInitializingSingleton {

	private final RequestRules rules;

	private final RequestServer server;

	private final LivePolicies policies;

	private final RequestNotes notes;

	PathStart(RequestRules rules, RequestServer server, LivePolicies policies, RequestNotes notes) {
		this.rules = rules;
		this.server = server;
		this.policies = policies;
		this.notes = notes;
	}

	@Override
	public void afterSingletonsInstantiated() {
		PathPatternParser parser = this.server.parser();
		this.rules.follow(new PathMatching((parser != null) ? parser : PathPatternParser.defaultInstance,
				this.server.managementBase(), this.server.management(), this.server.managementElsewhere()));
		this.policies.begin(this.rules);
		this.notes.write();
	}

}
