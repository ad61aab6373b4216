package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A call under way whose limit is inherited from an interface or a superclass, or was
 * paid by such a call. A bean of that type may pass the call on to another bean of the
 * type, as a decorator does, or a repository to its fragment: the call is paid once. A
 * bean that is called again by its own call pays again.
 *
 * @param target the bean
 * @param method the method that was called
 * @param payments what the call has paid
 */
record PassedCall(Object target, Method method, List<Payment> payments) {

	private static final ThreadLocal<@Nullable UnderWay> current = new ThreadLocal<>();

	/**
	 * Returns whether the current thread is in such a call.
	 */
	static boolean isUnderWay() {
		return current.get() != null;
	}

	/**
	 * Returns how many permits surrounding calls have paid for a call.
	 * @param target the bean that is called
	 * @param method the method
	 * @param declaration the annotation
	 * @param key who is counted
	 */
	static long paid(Object target, Method method, Declaration declaration, String key) {
		long permits = 0;
		for (UnderWay each = current.get(); each != null; each = each.outer()) {
			Payment payment = each.call().payment(method, declaration, key);
			if (payment != null) {
				if (each.call().target() == target) {
					return 0;
				}
				permits = Math.max(permits, payment.permits());
				if (payment.first()) {
					return permits;
				}
			}
		}
		return 0;
	}

	/**
	 * Proceeds with this call.
	 */
	@Nullable Object during(Proceeding proceeding) throws Throwable {
		UnderWay outer = current.get();
		current.set(new UnderWay(this, outer));
		try {
			return proceeding.proceed();
		}
		finally {
			if (outer != null) {
				current.set(outer);
			}
			else {
				current.remove();
			}
		}
	}

	private @Nullable Payment payment(Method method, Declaration declaration, String key) {
		if (this.method.getName().equals(method.getName())
				&& this.method.getParameterCount() == method.getParameterCount()) {
			for (Payment payment : this.payments) {
				if (payment.declaration().equals(declaration) && payment.key().equals(key)) {
					return payment;
				}
			}
		}
		return null;
	}

	/**
	 * What was paid for one annotation.
	 *
	 * @param first whether the call has paid by itself, no other having paid for it
	 */
	record Payment(Declaration declaration, String key, long permits, boolean first) {

	}

	/**
	 * The rest of a call.
	 */
	@FunctionalInterface
	interface Proceeding {

		@Nullable Object proceed() throws Throwable;

	}

	private record UnderWay(PassedCall call, @Nullable UnderWay outer) {

	}

}
