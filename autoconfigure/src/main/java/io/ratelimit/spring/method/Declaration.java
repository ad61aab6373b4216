package io.ratelimit.spring.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;

/**
 * One annotation as it is written, with composed annotations merged.
 *
 * @param element the method or type that carries it
 * @param index its place among those of the element
 * @param policy name of a configured policy; empty if {@code limits} are not
 * @param limits limits in place; empty if {@code policy} is not
 * @param key who is being counted; may be empty
 * @param cost permits that a call takes; may be empty
 * @param disabled whether nothing is limited
 */
record Declaration(AnnotatedElement element, int index, String policy, String limits, String key, String cost,
		boolean disabled) {

	private static final String EITHER = "Name a policy of the configuration, as in @RateLimited(\"exports\"), "
			+ "or state a limit in place, as in @RateLimited(limits = \"5/1m\")";

	/**
	 * Reads an annotation.
	 * @throws InvalidRateLimitException if its attributes contradict each other
	 */
	static Declaration of(AnnotatedElement element, int index, MergedAnnotation<RateLimited> annotation) {
		String value = annotation.getString("value").strip();
		String policy = annotation.getString("policy").strip();
		Declaration declaration = new Declaration(element, index, policy.isEmpty() ? value : policy,
				annotation.getString("limits").strip(), annotation.getString("key").strip(),
				annotation.getString("cost").strip(), annotation.getBoolean("disabled"));
		if (!value.isEmpty() && !policy.isEmpty() && !value.equals(policy)) {
			throw declaration.invalid(
					"@RateLimited names two policies, value = \"%s\" and policy = \"%s\"".formatted(value, policy),
					"Leave one of them out: both mean the same", null);
		}
		declaration.check();
		return declaration;
	}

	private void check() {
		boolean empty = this.policy.isEmpty() && this.limits.isEmpty();
		if (this.disabled) {
			if (!empty || !this.key.isEmpty() || !this.cost.isEmpty()) {
				throw invalid("@RateLimited has disabled = true beside other attributes",
						"Leave out the others, or disabled", null);
			}
		}
		else if (empty) {
			throw invalid("@RateLimited says neither which policy nor what limit", EITHER, null);
		}
		else if (!this.policy.isEmpty() && !this.limits.isEmpty()) {
			throw invalid("@RateLimited has both a policy (\"%s\") and a limit in place (\"%s\")".formatted(this.policy,
					this.limits), "Leave one of them out, or repeat the annotation if both are to allow", null);
		}
	}

	/**
	 * Returns whether this stands on a supertype of a class, or in one.
	 */
	boolean isInheritedBy(Class<?> type) {
		return type != ((this.element instanceof Method method) ? method.getDeclaringClass() : this.element);
	}

	/**
	 * Returns the exception for something that is wrong with this annotation.
	 */
	InvalidRateLimitException invalid(String problem, String action, @Nullable Throwable cause) {
		return invalid(this.element, problem, action, cause);
	}

	static InvalidRateLimitException invalid(AnnotatedElement element, String problem, String action) {
		return invalid(element, problem, action, null);
	}

	static InvalidRateLimitException invalid(AnnotatedElement element, String problem, String action,
			@Nullable Throwable cause) {
		return InvalidRateLimitException.ofAnnotation(nameOf(element), problem, action + ".", cause);
	}

	/**
	 * Returns the name of a method or type as people write it:
	 * {@code com.example.ExportService.export(String)}.
	 */
	static String nameOf(AnnotatedElement element) {
		if (element instanceof Method method) {
			return method.getDeclaringClass().getTypeName() + "." + method.getName()
					+ Arrays.stream(method.getParameterTypes())
						.map(Class::getSimpleName)
						.collect(Collectors.joining(", ", "(", ")"));
		}
		return (element instanceof Class<?> type) ? type.getTypeName() : element.toString();
	}

}
