package io.ratelimit.spring.method;

import java.time.Duration;
import java.util.function.Supplier;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.spring.method.CallContext.PaidPermits;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A call that happens when its outcome is subscribed to, once for each subscription. Who
 * is counted is known when the method is called, permits are taken when it is subscribed
 * to. Loaded only where Reactor is there.
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
		PaidPermits paid = method.paid();
		return this.single ? mono(() -> method.admit(outlay.claims(), paid), outlay, invocation)
				: flux(() -> method.admit(outlay.claims(), paid), outlay, invocation);
	}

	private static Mono<Object> mono(Supplier<Turn> admission, Outlay outlay, MethodInvocation invocation) {
		return Mono.defer(() -> {
			Turn turn = admission.get();
			Mono<Object> target = Mono.defer(() -> Mono.from(proceed(outlay, invocation)));
			return (turn.delayNanos() > 0) ? await(turn).then(target) : target;
		});
	}

	private static Flux<Object> flux(Supplier<Turn> admission, Outlay outlay, MethodInvocation invocation) {
		return Flux.defer(() -> {
			Turn turn = admission.get();
			Flux<Object> target = Flux.defer(() -> proceed(outlay, invocation));
			return (turn.delayNanos() > 0) ? await(turn).thenMany(target) : target;
		});
	}

	private static Mono<Long> await(Turn turn) {
		return Mono.delay(Duration.ofNanos(turn.delayNanos())).doOnCancel(turn::giveBack);
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
