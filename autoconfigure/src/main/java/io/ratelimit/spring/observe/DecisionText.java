package io.ratelimit.spring.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What lines of the log say of decisions: a text for each. A key is in it only where that
 * is configured, and else the name that stands for it.
 */
final class DecisionText implements BiFunction<List<Claim>, List<Decision>, List<String>> {

	/** Allowed, and nothing was taken since another policy refused. */
	private static final String NOT_TAKEN = "not-taken";

	/** Where the local store counts. */
	private static final String LOCAL = "this instance";

	private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private final KeyNames names;

	private final boolean keys;

	/**
	 * Creates texts.
	 * @param names stand for keys
	 * @param keys whether keys are written
	 */
	DecisionText(KeyNames names, boolean keys) {
		this.names = names;
		this.keys = keys;
	}

	/**
	 * Returns the texts of what was decided together.
	 * @param claims the claims, in the order of the decisions; none where there was no
	 * key
	 * @param decisions the decisions
	 */
	@Override
	public List<String> apply(List<Claim> claims, List<Decision> decisions) {
		boolean refused = decisions.stream().anyMatch(Decision::refuses);
		List<String> texts = new ArrayList<>(decisions.size());
		for (int i = 0; i < decisions.size(); i++) {
			texts.add(text((i < claims.size()) ? claims.get(i) : null, decisions.get(i), refused));
		}
		return texts;
	}

	private String text(@Nullable Claim claim, Decision decision, boolean refused) {
		boolean taken = decision.counted() && decision.allowed() && !refused;
		StringBuilder text = new StringBuilder(128);
		text.append((decision.allowed() && refused) ? NOT_TAKEN : Outcome.of(decision).id());
		append(decision, (claim != null) ? claim.permits() : 1, text);
		if (decision.counted()) {
			text.append(" remaining=").append(decision.remaining());
			if (decision.local()) {
				text.append(" where=\"").append(LOCAL).append('"');
			}
		}
		else {
			text.append(" failure-mode=").append(decision.policy().failureMode().name().toLowerCase(Locale.ROOT));
		}
		if (!decision.allowed()) {
			text.append(" retry-after=").append(seconds(decision.retryAfterNanos()));
		}
		if (taken && decision.delayNanos() > 0) {
			text.append(" delay=").append(seconds(decision.delayNanos()));
		}
		if (claim == null) {
			return text.append(" without a key").toString();
		}
		if (this.keys) {
			quote(claim.key(), text.append(" key="));
		}
		else {
			text.append(" id=").append(this.names.of(claim.key()));
		}
		return text.toString();
	}

	/**
	 * Appends by which policy and limit was decided, and on how many permits.
	 */
	static void append(Decision decision, long permits, StringBuilder text) {
		text.append(" policy=")
			.append(decision.policy().name())
			.append(" limit=\"")
			.append(decision.limit())
			.append("\" permits=")
			.append(permits);
	}

	static String seconds(long nanos) {
		return (nanos == Decision.NEVER) ? "never" : String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_SECOND);
	}

	/**
	 * Appends a key or a name so that it cannot pass for another line or another field,
	 * whatever a client has put into it.
	 */
	static void quote(String key, StringBuilder text) {
		text.append('"');
		for (int i = 0; i < key.length(); i++) {
			char character = key.charAt(i);
			if (character == '"' || character == '\\') {
				text.append('\\').append(character);
			}
			else if (isInvisible(character)) {
				text.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
			}
			else {
				text.append(character);
			}
		}
		text.append('"');
	}

	/**
	 * Returns whether a character ends a line, or hides or turns round what stands beside
	 * it.
	 */
	private static boolean isInvisible(char character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
			default -> false;
		};
	}

}
