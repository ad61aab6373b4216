package io.ratelimit.spring.request;

import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thing that a client can be known by.
 */
final class KeyPart {

	private static final Logger logger = LoggerFactory.getLogger(RequestRules.class);

	private final String text;

	private final Kind kind;

	private final Source source;

	private final UnaryOperator<String> form;

	private final UnaryOperator<String> typed;

	private final boolean needsPrincipal;

	/**
	 * Creates a part.
	 * @param text as written in configuration
	 * @param source where the value comes from
	 * @param form brings the spellings of a value to one form
	 * @param typed converts a value as a person writes it to that form
	 * @param needsPrincipal whether it is known only behind Spring Security
	 */
	KeyPart(String text, Kind kind, Source source, UnaryOperator<String> form, UnaryOperator<String> typed,
			boolean needsPrincipal) {
		this.text = text;
		this.kind = kind;
		this.source = source;
		this.form = form;
		this.typed = typed;
		this.needsPrincipal = needsPrincipal;
	}

	/**
	 * Returns the value; {@code null} where the request does not say, or where it cannot
	 * be read.
	 */
	@Nullable String value(LimitedRequest request, Map<String, String> variables) {
		if (NoRequest.is(request)) {
			return valueWithoutRequest();
		}
		try {
			String value = this.source.value(request, variables);
			return (value == null || value.isEmpty()) ? null : this.form.apply(value);
		}
		catch (RuntimeException ex) {
			logger.debug("The key '{}' cannot be told", this.text, ex);
			return null;
		}
	}

	/*
	 * A bean that asks for the request fails, which is no fault of it.
	 */
	private @Nullable String valueWithoutRequest() {
		if (!this.kind.canDoWithoutRequest() || this.needsPrincipal) {
			return null;
		}
		try {
			String value = this.source.value(NoRequest.INSTANCE, Map.of());
			return (value == null || value.isEmpty()) ? null : this.form.apply(value);
		}
		catch (RuntimeException ex) {
			logger.debug("The key '{}' cannot be told without a request", this.text, ex);
			return null;
		}
	}

	/**
	 * Returns the key for a value as a person writes it.
	 * @throws IllegalArgumentException if there can be no such value
	 */
	String typed(String value) {
		return this.typed.apply(value);
	}

	String text() {
		return this.text;
	}

	Kind kind() {
		return this.kind;
	}

	boolean needsPrincipal() {
		return this.needsPrincipal;
	}

	/**
	 * Kinds of parts.
	 */
	enum Kind {

		ADDRESS, PRINCIPAL, SESSION, HEADER, COOKIE, PARAMETER, PATH, CLAIM, GLOBAL, BEAN, EXPRESSION;

		/**
		 * Returns whether every request has it.
		 */
		boolean isCertain() {
			return this == ADDRESS || this == GLOBAL;
		}

		/**
		 * Returns whether any client can invent values of it, or have them made.
		 */
		boolean isUnchecked() {
			return this == HEADER || this == COOKIE || this == PARAMETER || this == SESSION;
		}

		/**
		 * Returns whether it may be known where there is no request.
		 */
		boolean canDoWithoutRequest() {
			return this == GLOBAL || this == BEAN || this == EXPRESSION;
		}

		/**
		 * Returns whether it may read parameters.
		 */
		boolean readsParameters() {
			return this == PARAMETER || this == BEAN || this == EXPRESSION;
		}

	}

	/**
	 * Source of a value; {@code null} or empty where the request does not say.
	 */
	@FunctionalInterface
	interface Source {

		@Nullable String value(LimitedRequest request, Map<String, String> variables);

	}

}
