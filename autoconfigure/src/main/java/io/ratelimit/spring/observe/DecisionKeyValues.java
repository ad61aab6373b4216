package io.ratelimit.spring.observe;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import io.ratelimit.Decision;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * Writes on the span of a request what was decided on it: the outcome, and the policies
 * that came to it. Where policies came to several outcomes it is the one that weighs
 * most.
 */
/*
 * They are values of high cardinality, though there are few of them, since those go to
 * spans only. The others become tags of http.server.requests too, which would then have
 * some of its series with and some without them: Prometheus drops one or the other.
 */
final class DecisionKeyValues implements ObservationFilter {

	/** Attribute of a request that supplies the decisions on it. */
	private static final String DECISIONS = "io.ratelimit.decisions";

	private static final List<Outcome> BY_WEIGHT = List.of(Outcome.DENIED, Outcome.NOT_COUNTED, Outcome.SHADOW_DENIED,
			Outcome.ALLOWED);

	@Override
	public Observation.Context map(Observation.Context context) {
		if (context instanceof ServerRequestObservationContext server && server.getCarrier() != null) {
			List<Decision> decisions = decisionsOn(server.getCarrier());
			Outcome outcome = weightiest(decisions);
			if (outcome != null) {
				context.addHighCardinalityKeyValue(KeyValue.of("ratelimit.outcome", outcome.id()));
				context.addHighCardinalityKeyValue(KeyValue.of("ratelimit.policy", policies(decisions, outcome)));
			}
		}
		return context;
	}

	@SuppressWarnings("unchecked")
	private static List<Decision> decisionsOn(HttpServletRequest request) {
		return (request.getAttribute(DECISIONS) instanceof Supplier<?> decisions) ? (List<Decision>) decisions.get()
				: List.of();
	}

	private static @Nullable Outcome weightiest(List<Decision> decisions) {
		for (Outcome outcome : BY_WEIGHT) {
			if (decisions.stream().anyMatch((decision) -> Outcome.of(decision) == outcome)) {
				return outcome;
			}
		}
		return null;
	}

	private static String policies(List<Decision> decisions, Outcome outcome) {
		return decisions.stream()
			.filter((decision) -> Outcome.of(decision) == outcome)
			.map((decision) -> decision.policy().name())
			.collect(Collectors.joining(","));
	}

}
