package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ratelimit.Admission;
import io.ratelimit.Claim;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.call.CallContext.Surroundings;
import io.ratelimit.spring.method.PassedCall.Payment;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of a limited method before it is called.
 */
final class LimitedMethod {

	private final Method method;

	private final CallStyle style;

	private final ClaimSource[] sources;

	private final RateLimits limits;

	private final CallContext context;

	private final boolean inherited;

	private final CallLines lines;

	LimitedMethod(Method method, List<ClaimSource> sources, RateLimits limits, CallContext context, CallLines lines) {
		this.method = method;
		this.style = CallStyle.of(method.getReturnType());
		this.sources = sources.toArray(ClaimSource[]::new);
		this.inherited = sources.stream().anyMatch(ClaimSource::inherited);
		this.limits = limits;
		this.context = context;
		this.lines = lines;
	}

	/**
	 * Returns the names of the policies that limit the method.
	 */
	List<String> policies() {
		return Arrays.stream(this.sources).map(ClaimSource::policy).distinct().toList();
	}

	/**
	 * Returns the method that runs.
	 */
	Method method() {
		return this.method;
	}

	/**
	 * Returns whether there is an annotation that limits it.
	 */
	boolean isLimited() {
		return this.sources.length > 0;
	}

	CallStyle style() {
		return this.style;
	}

	/**
	 * Returns what a call has to pay, taking nothing.
	 */
	Outlay outlay(MethodInvocation invocation) {
		@Nullable Object[] arguments = invocation.getArguments();
		Object target = (this.inherited || PassedCall.isUnderWay()) ? invocation.getThis() : null;
		List<Claim> claims = new ArrayList<>(this.sources.length);
		List<Payment> payments = (target != null) ? new ArrayList<>(this.sources.length) : List.of();
		for (ClaimSource source : this.sources) {
			String key = source.payer(arguments);
			long permits = (key != null) ? source.cost().of(arguments) : 0;
			if (key != null && permits > 0) {
				long paid = 0;
				if (target != null) {
					paid = PassedCall.paid(target, this.method, source.declaration(), key);
					if (source.inherited() || paid > 0) {
						payments.add(new Payment(source.declaration(), key, Math.max(paid, permits), paid == 0));
					}
				}
				if (permits > paid) {
					claims.add(source.limiter().claim(key, permits - paid));
				}
			}
		}
		return new Outlay(claims,
				(target != null && !payments.isEmpty()) ? new PassedCall(target, this.method, payments) : null);
	}

	CallContext context() {
		return this.context;
	}

	/**
	 * Takes the permits of every claim or of none, less what has been taken for the
	 * request.
	 * @return what was granted
	 * @throws RateLimitExceededException if the call is refused
	 */
	Admission admit(List<Claim> claims) {
		if (claims.isEmpty()) {
			return free(false);
		}
		Dues dues = new Dues(claims, this.context.surroundings());
		return dues.claims().isEmpty() ? free(true) : settle(dues, this.limits.admit(dues.claims()));
	}

	/**
	 * Takes the permits of every claim or of none, less what has been taken for the
	 * request, without holding the calling thread.
	 * @param surroundings those of the calling thread
	 * @return the stage of what was granted; it fails with
	 * {@link RateLimitExceededException} if the call is refused
	 */
	CompletableFuture<Admission> admitAsync(List<Claim> claims, Surroundings surroundings) {
		Dues dues = new Dues(claims, surroundings);
		return dues.claims().isEmpty() ? CompletableFuture.completedFuture(free(!claims.isEmpty()))
				: this.limits.admitAsync(dues.claims())
					.thenApply((admission) -> settle(dues, admission))
					.toCompletableFuture();
	}

	private Admission free(boolean paid) {
		this.lines.free(paid);
		return Admission.of();
	}

	private Admission settle(Dues dues, Admission admission) {
		this.lines.decided(dues.claims(), admission.decisions());
		return dues.settle(admission);
	}

}
