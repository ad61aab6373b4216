package io.ratelimit.it.aspectj.woven;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.ratelimit.annotation.RateLimited;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Limited methods, and such that call them.
 */
public class Desk {

	private final String name;

	public Desk() {
		this("desk");
	}

	public Desk(String name) {
		this.name = name;
	}

	@RateLimited(policy = "p", key = "global")
	public String limited() {
		return this.name;
	}

	public String callsItself() {
		return limited();
	}

	public String callsPrivate() {
		return hidden();
	}

	@RateLimited(policy = "p", key = "global")
	private String hidden() {
		return this.name;
	}

	@RateLimited(policy = "p", key = "global")
	public final String sealed() {
		return this.name;
	}

	@RateLimited(policy = "p", key = "global")
	public static int doubled(int number) {
		return 2 * number;
	}

	@RateLimited(policy = "p", key = "global")
	String shared() {
		return this.name;
	}

	@Counted
	public String composed() {
		return this.name;
	}

	@RateLimited(policy = "p", key = "global")
	@RateLimited(policy = "q", key = "global")
	public String repeated() {
		return this.name;
	}

	@RateLimited(policy = "p", key = "#id", cost = "#count")
	public void byArguments(String id, int count) {
	}

	@RateLimited(policy = "p", key = "global")
	public void fails() throws IOException {
		throw new IOException(this.name);
	}

	@RateLimited(policy = "p", key = "global")
	public CompletionStage<String> stage() {
		return CompletableFuture.completedFuture(this.name);
	}

	@RateLimited(policy = "p", key = "global")
	public Mono<String> mono() {
		return Mono.just(this.name);
	}

	@RateLimited(policy = "p", key = "global")
	public Flux<String> flux() {
		return Flux.just(this.name, this.name);
	}

}
