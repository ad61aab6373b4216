package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.ratelimit.RateLimitExceededException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * A call whose outcome is a stage. A refusal is a failed stage, and a wait holds no
 * thread: the call is made by another one when its turn has come.
 */
final class StageCall implements CallStyle {

	/*
	 * A thread of its own for each delayed call, of which there are no more than the
	 * bucket lets through: the common pool may be busy, and its threads know neither the
	 * class loader nor the request of the caller.
	 */
	private static final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("ratelimit-");

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public @Nullable Object call(LimitedMethod method, MethodInvocation invocation) throws Throwable {
		Outlay outlay;
		Turn turn;
		try {
			outlay = method.outlay(invocation);
			turn = method.admit(outlay);
		}
		catch (RateLimitExceededException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		if (turn.delayNanos() == 0) {
			return outlay.proceed(invocation);
		}
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		return CompletableFuture
			.supplyAsync(method.context().carried(() -> proceedLater(outlay, invocation, loader)),
					CompletableFuture.delayedExecutor(turn.delayNanos(), TimeUnit.NANOSECONDS, threads))
			.thenCompose((stage) -> stage);
	}

	private static CompletionStage<@Nullable Object> proceedLater(Outlay outlay, MethodInvocation invocation,
			ClassLoader loader) {
		Thread.currentThread().setContextClassLoader(loader);
		try {
			@SuppressWarnings("unchecked")
			CompletionStage<@Nullable Object> stage = (CompletionStage<@Nullable Object>) outlay
				.proceedLater(invocation);
			return (stage != null) ? stage : CompletableFuture.failedFuture(new NullPointerException("no stage"));
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

}
