package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.BiFunction;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of the log, at level DEBUG, on what was decided on calls of a limited method.
 */
final class CallLines {

	/** Shared with the lines on requests. */
	private static final Logger logger = LoggerFactory.getLogger("ratelimit.decisions");

	private final String method;

	private final BiFunction<List<Claim>, List<Decision>, List<String>> texts;

	/**
	 * Creates lines.
	 * @param texts returns what a line says of each decision
	 */
	CallLines(Method method, BiFunction<List<Claim>, List<Decision>, List<String>> texts) {
		this.method = Declaration.nameOf(method);
		this.texts = texts;
	}

	/**
	 * Writes what was decided together, if lines are written.
	 * @param claims the claims, in the order of the decisions
	 */
	void decided(List<Claim> claims, List<Decision> decisions) {
		if (logger.isDebugEnabled()) {
			this.texts.apply(claims, decisions).forEach(this::write);
		}
	}

	/**
	 * Writes that a call takes nothing, if lines are written.
	 * @param paid whether the filter has taken the permits for the request
	 */
	void free(boolean paid) {
		if (logger.isDebugEnabled()) {
			write(paid ? "not-counted: its request has paid for it"
					: "not-counted: it has no key, it costs nothing, its policies are off, or it was counted further out");
		}
	}

	private void write(String text) {
		logger.debug("call=\"{}\" {}", this.method, text);
	}

}
