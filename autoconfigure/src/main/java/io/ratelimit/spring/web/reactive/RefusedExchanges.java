package io.ratelimit.spring.web.reactive;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;

import io.ratelimit.RateLimitExceededException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Answers a call that was refused behind a handler of WebFlux as a servlet application
 * answers it, unless a handler of exceptions of the application was there first.
 */
final class RefusedExchanges implements WebExceptionHandler, Ordered {

	private static final int BEFORE_THAT_OF_SPRING_BOOT = -2;

	private final RefusalMessages messages;

	RefusedExchanges(RefusalMessages messages) {
		this.messages = messages;
	}

	@Override
	public int getOrder() {
		return BEFORE_THAT_OF_SPRING_BOOT;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		RateLimitExceededException refused = refused(failure);
		ServerHttpResponse response = exchange.getResponse();
		if (refused == null || response.isCommitted()) {
			return Mono.error(failure);
		}
		RefusalMessages.Message message = this.messages.of(refused.decisions(),
				exchange.getRequest().getPath().value());
		byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
		response.setStatusCode(HttpStatusCode.valueOf(message.status()));
		message.fields().forEach(response.getHeaders()::set);
		response.getHeaders().setContentLength(body.length);
		return HttpMethod.HEAD.equals(exchange.getRequest().getMethod()) ? response.setComplete()
				: response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

	private static @Nullable RateLimitExceededException refused(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		return (cause instanceof RateLimitExceededException refused) ? refused : null;
	}

}
