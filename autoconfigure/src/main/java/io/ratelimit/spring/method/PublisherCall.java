package io.ratelimit.spring.method;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ratelimit.Admission;
import io.ratelimit.Claim;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.spring.call.CallContext.Surroundings;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A call that happens when its outcome is subscribed to, once for each subscription. The
 * key is resolved when the method is called, permits are taken when it is subscribed to,
 * and no thread is held meanwhile. Loaded only where Reactor is on the class path.
 */
final class PublisherCall implements CallStyle {

	private final boolean single;

	private PublisherCall(boolean single) {
		this.single = single;
	}

	/**
	 * Returns the style for methods that are declared to return a type, or {@code null}
	 * if it is no type of Reactor's.
	 */
	static @Nullable CallStyle of(Class<?> returned) {
		boolean several = Publisher.class.isAssignableFrom(returned) && returned.isAssignableFrom(Flux.class);
		return (several || returned == Mono.class) ? new PublisherCall(!several) : null;
	}

	@Override
	public @Nullable Object call(LimitedMethod method, MethodInvocation invocation) throws Throwable {
		Outlay outlay;
		try {
			outlay = method.outlay(invocation);
		}
		catch (RateLimitExceededException ex) {
			return this.single ? Mono.error(ex) : Flux.error(ex);
		}
		if (outlay.claims().isEmpty()) {
			return outlay.proceed(invocation);
		}
		Mono<Admission> admission = admission(method, outlay.claims(), method.context().surroundings());
		return this.single ? mono(admission, outlay, invocation) : flux(admission, outlay, invocation);
	}

	/**
	 * Returns what is granted to each subscription. An admission that comes after its
	 * subscription was cancelled is given back.
	 */
	private static Mono<Admission> admission(LimitedMethod method, List<Claim> claims, Surroundings surroundings) {
		return Mono.create((sink) -> {
			AtomicBoolean cancelled = new AtomicBoolean();
			sink.onCancel(() -> cancelled.set(true));
			CompletableFuture<?> unused = method.admitAsync(claims, surroundings).whenComplete((admission, failure) -> {
				if (failure != null) {
					sink.error(causeOf(failure));
				}
				else if (cancelled.get()) {
					admission.giveBack();
				}
				else {
					sink.success(admission);
				}
			});
		});
	}

	private static Throwable causeOf(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof CompletionException && cause != null) ? cause : failure;
	}

	private static Mono<Object> mono(Mono<Admission> admissions, Outlay outlay, MethodInvocation invocation) {
		return Mono.usingWhen(admissions, (admission) -> {
			Mono<Object> target = Mono.defer(() -> Mono.from(proceed(outlay, invocation)));
			return (admission.delayNanos() > 0) ? delay(admission).then(target) : target;
		}, PublisherCall::close);
	}

	private static Flux<Object> flux(Mono<Admission> admissions, Outlay outlay, MethodInvocation invocation) {
		return Flux.usingWhen(admissions, (admission) -> {
			Flux<Object> target = Flux.defer(() -> proceed(outlay, invocation));
			return (admission.delayNanos() > 0) ? delay(admission).thenMany(target) : target;
		}, PublisherCall::close);
	}

	private static Mono<Long> delay(Admission admission) {
		return Mono.delay(Duration.ofNanos(admission.delayNanos())).doOnCancel(admission::giveBack);
	}

	private static Publisher<?> close(Admission admission) {
		return Mono.fromRunnable(admission::close);
	}

	@SuppressWarnings("unchecked")
	private static Publisher<Object> proceed(Outlay outlay, MethodInvocation invocation) {
		try {
			Object publisher = outlay.proceedLater(invocation);
			return (publisher != null) ? (Publisher<Object>) publisher
					: Mono.error(new NullPointerException("the method returned no publisher"));
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

}
