package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.ratelimit.Admission;
import io.ratelimit.RateLimitExceededException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * A call whose outcome is a stage. A refusal is a failed stage. No thread is held while
 * the store decides or the call is delayed: another thread then makes the call.
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
		CompletableFuture<Admission> admission;
		try {
			outlay = method.outlay(invocation);
			admission = method.admitAsync(outlay.claims(), method.context().surroundings());
		}
		catch (RateLimitExceededException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		if (admission.isDone() && !admission.isCompletedExceptionally()) {
			Admission granted = admission.join();
			if (granted.delayNanos() == 0) {
				return proceed(granted, () -> outlay.proceed(invocation));
			}
		}
		Supplier<CompletionStage<@Nullable Object>> call = later(method, outlay, invocation);
		CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();
		CompletableFuture<?> unused = admission.thenCompose((granted) -> delayed(granted, call))
			.whenComplete((result, failure) -> {
				if (failure == null) {
					outcome.complete(result);
				}
				else {
					outcome.completeExceptionally(causeOf(failure));
				}
			});
		return outcome;
	}

	private static Throwable causeOf(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof CompletionException && cause != null) ? cause : failure;
	}

	/**
	 * Proceeds on the calling thread.
	 * @return the method's own stage
	 */
	private static @Nullable Object proceed(Admission admission, PassedCall.Proceeding call) throws Throwable {
		try {
			Object stage = call.proceed();
			if (stage instanceof CompletionStage<?> running) {
				CompletionStage<?> unused = running.whenComplete((result, failure) -> admission.close());
			}
			else {
				admission.close();
			}
			return stage;
		}
		catch (Throwable ex) {
			admission.close();
			throw ex;
		}
	}

	private static CompletionStage<@Nullable Object> delayed(Admission admission,
			Supplier<CompletionStage<@Nullable Object>> call) {
		long delay = admission.delayNanos();
		CompletionStage<@Nullable Object> stage = (delay == 0) ? call.get()
				: CompletableFuture
					.supplyAsync(call, CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS, threads))
					.thenCompose((running) -> running);
		return stage.whenComplete((result, failure) -> admission.close());
	}

	/**
	 * Returns a call that can be made on another thread, where it finds the context and
	 * the request of the calling one.
	 */
	private static Supplier<CompletionStage<@Nullable Object>> later(LimitedMethod method, Outlay outlay,
			MethodInvocation invocation) {
		return CallerContext.capture().wrap(method.context().carried(() -> proceedLater(outlay, invocation)));
	}

	private static CompletionStage<@Nullable Object> proceedLater(Outlay outlay, MethodInvocation invocation) {
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
