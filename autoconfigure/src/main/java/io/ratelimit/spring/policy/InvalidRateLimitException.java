package io.ratelimit.spring.policy;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at start-up where a property, an annotation or a bean cannot do what it says.
 * The message begins with the place of the mistake and quotes what is written there.
 */
public final class InvalidRateLimitException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private static final String POLICIES = "ratelimit.policies";

	private final String place;

	private final String problem;

	private final String action;

	private final String reference;

	/**
	 * Creates an exception.
	 * @param place the property, or the bean, that is wrong
	 * @param problem what is wrong with it
	 * @param action a sentence that says what to write instead
	 */
	public InvalidRateLimitException(String place, String problem, String action) {
		this(place, problem, action, "configuration", null);
	}

	private InvalidRateLimitException(String place, String problem, String action, String reference,
			@Nullable Throwable cause) {
		super(place + ": " + problem, cause);
		this.place = place;
		this.problem = problem;
		this.action = action;
		this.reference = reference;
	}

	/**
	 * Creates an exception for a property of a policy.
	 * @param policy name of the policy
	 * @param property name of the property within the policy
	 * @param problem what is wrong with it
	 * @param action a sentence that says what to write instead
	 * @return the exception
	 */
	public static InvalidRateLimitException ofPolicy(String policy, String property, String problem, String action) {
		return new InvalidRateLimitException(property(policy, property), problem, action);
	}

	/**
	 * Creates an exception for an annotation.
	 * @param element the method or type that carries it, as people write it
	 * @param problem what is wrong with it
	 * @param action a sentence or two that say what to write instead
	 * @param cause what it was found out by, if anything
	 * @return the exception
	 */
	public static InvalidRateLimitException ofAnnotation(String element, String problem, String action,
			@Nullable Throwable cause) {
		return new InvalidRateLimitException(element, problem, action, "annotation", cause);
	}

	/**
	 * Creates an exception for a bean of the application that fails.
	 */
	static InvalidRateLimitException ofBean(Object bean, String problem, String action, Throwable cause) {
		return new InvalidRateLimitException(bean.getClass().getName(), problem, action, "configuration", cause);
	}

	/**
	 * Returns the full name of a property of a policy.
	 */
	static String property(String policy, String property) {
		return (policy.indexOf('.') < 0) ? POLICIES + "." + policy + "." + property
				: POLICIES + "[" + policy + "]." + property;
	}

	/**
	 * Returns where the mistake is.
	 * @return the full name of a property, a method, a type or a bean
	 */
	public String place() {
		return this.place;
	}

	/**
	 * Returns what is wrong.
	 * @return the message without the place
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence or two
	 */
	public String action() {
		return this.action;
	}

	/**
	 * Returns the page of the reference that says what can be written there.
	 * @return {@code configuration} or {@code annotation}
	 */
	public String reference() {
		return this.reference;
	}

}
