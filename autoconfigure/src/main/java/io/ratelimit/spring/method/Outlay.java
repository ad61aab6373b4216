package io.ratelimit.spring.method;

import java.util.List;

import io.ratelimit.Claim;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * What a call has to pay before it proceeds.
 *
 * @param claims the claims
 * @param call what calls that this one passes on to other beans need not pay again;
 * {@code null} if there are none of that kind
 */
record Outlay(List<Claim> claims, @Nullable PassedCall call) {

	@Nullable Object proceed(MethodInvocation invocation) throws Throwable {
		return (this.call != null) ? this.call.during(invocation::proceed) : invocation.proceed();
	}

	@Nullable Object proceedLater(MethodInvocation invocation) throws Throwable {
		return (this.call != null) ? this.call.during(() -> CallStyle.proceedLater(invocation))
				: CallStyle.proceedLater(invocation);
	}

}
