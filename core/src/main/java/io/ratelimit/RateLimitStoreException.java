package io.ratelimit;

import java.io.Serial;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a store that cannot answer. Carries no key.
 */
public class RateLimitStoreException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Kind kind;

	/**
	 * Creates an exception of no particular kind.
	 * @param message what happened, without any key
	 * @param cause what the store's client threw
	 */
	public RateLimitStoreException(String message, @Nullable Throwable cause) {
		this(Kind.OTHER, message, cause);
	}

	/**
	 * Creates an exception.
	 * @param kind what kind of failure it is
	 * @param message what happened, without any key
	 * @param cause what the store's client threw
	 */
	public RateLimitStoreException(Kind kind, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.kind = Objects.requireNonNull(kind, "kind");
	}

	/**
	 * Returns what kind of failure it is.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * What keeps a store from answering.
	 */
	public enum Kind {

		/** There was no answer within the time. */
		TIMEOUT("timeout"),

		/** There is no connection, or it broke. */
		CONNECTION("connection"),

		/** The answer was an error. */
		ERROR("error"),

		/** The store has failed several times in a row and was not asked. */
		NOT_ASKED("not-asked"),

		/** What is stored for the key cannot be read; others are not affected. */
		KEY("key"),

		/** The store has no room for what it would have to remember. */
		FULL("full"),

		/** Anything else. */
		OTHER("other");

		private final String id;

		Kind(String id) {
			this.id = id;
		}

		/**
		 * Returns the kind as it stands in tags.
		 * @return its text
		 */
		public String id() {
			return this.id;
		}

	}

}
