package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.ratelimit.RateLimitExceededException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * A call whose outcome is a stage. A refusal is a failed stage, a delay holds no thread.
 */
final class StageCall implements CallStyle {

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public @Nullable Object call(LimitedMethod method, MethodInvocation invocation) throws Throwable {
		long delay;
		try {
			delay = method.admit(invocation.getArguments());
		}
		catch (RateLimitExceededException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		if (delay == 0) {
			return invocation.proceed();
		}
		return CompletableFuture
			.supplyAsync(() -> proceedLater(invocation), CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS))
			.thenCompose((stage) -> stage);
	}

	private static CompletionStage<@Nullable Object> proceedLater(MethodInvocation invocation) {
		try {
			@SuppressWarnings("unchecked")
			CompletionStage<@Nullable Object> stage = (CompletionStage<@Nullable Object>) CallStyle
				.proceedLater(invocation);
			return (stage != null) ? stage : CompletableFuture.failedFuture(new NullPointerException("no stage"));
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

}
