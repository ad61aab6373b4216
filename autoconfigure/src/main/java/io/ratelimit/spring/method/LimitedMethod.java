package io.ratelimit.spring.method;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimiterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of a limited method before it is called.
 */
final class LimitedMethod {

	private final CallStyle style;

	private final ClaimSource[] sources;

	private final RateLimiterRegistry registry;

	private final CallContext context;

	LimitedMethod(CallStyle style, List<ClaimSource> sources, RateLimiterRegistry registry, CallContext context) {
		this.style = style;
		this.sources = sources.toArray(ClaimSource[]::new);
		this.registry = registry;
		this.context = context;
	}

	CallStyle style() {
		return this.style;
	}

	/**
	 * Takes the permits of a call.
	 * @return how long the call has to wait, in nanoseconds
	 * @throws RateLimitExceededException if it is refused
	 */
	long admit(@Nullable Object[] arguments) {
		if (this.sources.length != 1) {
			return admit(claims(arguments));
		}
		ClaimSource source = this.sources[0];
		String key = source.payer(arguments, this.context);
		long permits = (key != null) ? source.permits().of(arguments) : 0;
		return (key != null && permits > 0) ? settle(List.of(source.limiter().tryAcquire(key, permits))) : 0;
	}

	/**
	 * Returns what a call has to pay, taking nothing.
	 */
	List<Claim> claims(@Nullable Object[] arguments) {
		List<Claim> claims = new ArrayList<>(this.sources.length);
		for (ClaimSource source : this.sources) {
			String key = source.payer(arguments, this.context);
			long permits = (key != null) ? source.permits().of(arguments) : 0;
			if (key != null && permits > 0) {
				claims.add(new Claim(source.limiter().policy(), key, permits));
			}
		}
		return claims;
	}

	/**
	 * Takes the permits of every claim or of none.
	 * @return how long the call has to wait, in nanoseconds
	 * @throws RateLimitExceededException if it is refused
	 */
	long admit(List<Claim> claims) {
		return claims.isEmpty() ? 0 : settle(this.registry.tryAcquireAll(claims));
	}

	private long settle(List<Decision> decisions) {
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
		return delay;
	}

}
