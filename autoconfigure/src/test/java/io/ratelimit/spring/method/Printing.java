package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;

import io.ratelimit.annotation.RateLimited;
import reactor.core.publisher.Mono;

/**
 * An interface with limits, for beans that implement it.
 */
interface Printing {

	@RateLimited("two")
	void print();

	@RateLimited("two")
	CompletableFuture<String> later();

	@RateLimited("two")
	Mono<String> whenever();

	@RateLimited(limits = "1/1m", key = "#name")
	void printFor(String name);

	@RateLimited(limits = "4/1m", cost = "#pages")
	void printPages(int pages);

}
