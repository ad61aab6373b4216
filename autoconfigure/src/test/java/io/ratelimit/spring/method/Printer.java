package io.ratelimit.spring.method;

import java.util.concurrent.CompletableFuture;

import reactor.core.publisher.Mono;

/**
 * Implements an interface with limits, and knows of none.
 */
class Printer implements Printing {

	@Override
	public void print() {
	}

	@Override
	public CompletableFuture<String> later() {
		return CompletableFuture.completedFuture("printed");
	}

	@Override
	public Mono<String> whenever() {
		return Mono.just("printed");
	}

	@Override
	public void printFor(String name) {
	}

	@Override
	public void printPages(int pages) {
	}

}
