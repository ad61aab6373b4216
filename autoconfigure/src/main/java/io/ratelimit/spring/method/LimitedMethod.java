package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimiterRegistry;
import io.ratelimit.spring.method.CallContext.PaidPermits;
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

	private final RateLimiterRegistry registry;

	private final CallContext context;

	private final boolean inherited;

	LimitedMethod(Method method, List<ClaimSource> sources, RateLimiterRegistry registry, CallContext context) {
		this.method = method;
		this.style = CallStyle.of(method.getReturnType());
		this.sources = sources.toArray(ClaimSource[]::new);
		this.inherited = sources.stream().anyMatch(ClaimSource::inherited);
		this.registry = registry;
		this.context = context;
	}

	CallStyle style() {
		return this.style;
	}

	/**
	 * Takes the permits of a call.
	 * @return when it may be made
	 * @throws RateLimitExceededException if it is refused
	 */
	Turn admit(Outlay outlay) {
		return admit(outlay.claims(), this.context.paid());
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
			long permits = (key != null) ? source.permits().of(arguments) : 0;
			if (key != null && permits > 0) {
				long paid = 0;
				if (target != null) {
					paid = PassedCall.paid(target, this.method, source.declaration(), key);
					if (source.inherited() || paid > 0) {
						payments.add(new Payment(source.declaration(), key, Math.max(paid, permits), paid == 0));
					}
				}
				if (permits > paid) {
					claims.add(new Claim(source.limiter().policy(), key, permits - paid));
				}
			}
		}
		return new Outlay(claims,
				(target != null && !payments.isEmpty()) ? new PassedCall(target, this.method, payments) : null);
	}

	PaidPermits paid() {
		return this.context.paid();
	}

	CallContext context() {
		return this.context;
	}

	/**
	 * Takes the permits of every claim or of none, less what has been paid.
	 * @return when the call may be made
	 * @throws RateLimitExceededException if it is refused
	 */
	Turn admit(List<Claim> claims, PaidPermits paid) {
		if (claims.isEmpty()) {
			return Turn.NOW;
		}
		long[] used = new long[claims.size()];
		List<Claim> due = new ArrayList<>(used.length);
		for (int i = 0; i < used.length; i++) {
			Claim claim = claims.get(i);
			used[i] = paid.use(claim.policy().name(), claim.key(), claim.permits());
			if (used[i] < claim.permits()) {
				due.add((used[i] == 0) ? claim : new Claim(claim.policy(), claim.key(), claim.permits() - used[i]));
			}
		}
		try {
			return due.isEmpty() ? Turn.NOW : settle(due, System.nanoTime());
		}
		catch (RateLimitExceededException ex) {
			for (int i = 0; i < used.length; i++) {
				if (used[i] > 0) {
					paid.unuse(claims.get(i).policy().name(), claims.get(i).key(), used[i]);
				}
			}
			throw ex;
		}
	}

	private List<Decision> take(List<Claim> due) {
		return (this.sources.length == 1)
				? List.of(this.sources[0].limiter().tryAcquire(due.get(0).key(), due.get(0).permits()))
				: this.registry.tryAcquireAll(due);
	}

	private Turn settle(List<Claim> due, long since) {
		List<Decision> decisions = take(due);
		this.context.decided(decisions);
		long delay = 0;
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (decision.refuses()) {
				throw new RateLimitExceededException(decisions);
			}
			if (decision.policy().mode() == Mode.ENFORCE) {
				delay = Math.max(delay, decision.delayNanos());
			}
		}
		return (delay == 0) ? Turn.NOW : new Turn(delay, due, decisions, this.registry, since);
	}

}
