package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.PathReadings;
import io.ratelimit.spring.request.RequestRule;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of the log, at level DEBUG, on what was decided on each request, and on requests
 * that no policy guards.
 */
final class DecisionLines {

	/** Shared with the lines on calls of annotated methods. */
	private static final Logger logger = LoggerFactory.getLogger("ratelimit.decisions");

	private static final int LONGEST_PATH = 1000;

	private final BiFunction<List<Claim>, List<Decision>, List<String>> texts;

	/**
	 * Creates lines.
	 * @param texts returns what a line says of each decision
	 */
	DecisionLines(BiFunction<List<Claim>, List<Decision>, List<String>> texts) {
		this.texts = texts;
	}

	/**
	 * Returns whether lines are written; if not, the others need not be called.
	 */
	static boolean areWritten() {
		return logger.isDebugEnabled();
	}

	/**
	 * Writes that no policy guards a request, unless one further in does.
	 * @param further the rules that apply further in
	 */
	void unguarded(HttpServletRequest request, LimitedRequest view, PathReadings path, RequestRule[] further) {
		for (RequestRule rule : further) {
			if (rule.match(view, path) != null) {
				return;
			}
		}
		write(request, "unguarded: no policy guards such a path and method");
	}

	/**
	 * Writes that a policy guards a request and takes nothing for it.
	 * @param withKey whether the request has the policy's key
	 */
	void free(RequestRule rule, boolean withKey, HttpServletRequest request) {
		write(request, "not-counted policy=" + rule.name()
				+ (withKey ? ": it costs nothing" : ": it does not have the key, and missing-key is skip"));
	}

	/**
	 * Writes what was decided together.
	 * @param claims the claims; none where the request has no key
	 * @param decisions the decisions, in the order of the claims
	 */
	void decided(List<Claim> claims, List<Decision> decisions, HttpServletRequest request) {
		this.texts.apply(claims, decisions).forEach((text) -> write(request, text));
	}

	private static void write(HttpServletRequest request, String text) {
		logger.debug("request=\"{} {}\"{} {}", printable(request.getMethod()), printable(request.getRequestURI()),
				forwarded(request), text);
	}

	private static String forwarded(HttpServletRequest request) {
		return (request.getDispatcherType() == DispatcherType.FORWARD
				&& request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) instanceof String from)
						? " forwarded-from=\"" + printable(from) + '"' : "";
	}

	/**
	 * Returns a text without anything that could pass for another line or another field.
	 */
	private static String printable(String text) {
		StringBuilder printable = new StringBuilder(Math.min(text.length(), LONGEST_PATH));
		for (int i = 0; i < text.length() && i < LONGEST_PATH; i++) {
			char character = text.charAt(i);
			if (character > ' ' && character < 0x7f && character != '"' && character != '\\') {
				printable.append(character);
			}
			else {
				printable.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
			}
		}
		return printable.append((text.length() > LONGEST_PATH) ? "..." : "").toString();
	}

}
