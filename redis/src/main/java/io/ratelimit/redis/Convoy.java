package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Claims on sliding windows, each decided by itself: sent at once while few calls are
 * under way, and else together in the next one. Whoever is alone waits for nobody, and a
 * crowd costs the server a fraction of a call each. Safe for use by many threads.
 */
/*
 * Who waits for the next call is answered two calls later. Where a call takes a large
 * part of the time that anybody waits for, nobody is kept.
 */
final class Convoy {

	private static final int CALLS = 2;

	private static final int MOST_CLAIMS = 64;

	/** The part of the timeout that a call may take for others to wait for it. */
	private static final int PART = 8;

	private final Function<Question, CompletableFuture<byte[]>> server;

	private final long timeoutNanos;

	private final LongSupplier nanoTime;

	private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger underWay = new AtomicInteger();

	private volatile boolean slow;

	/**
	 * Makes a convoy.
	 * @param server asked by calls of the script
	 * @param timeout longest time that anybody waits for an answer
	 */
	Convoy(Function<Question, CompletableFuture<byte[]>> server, Duration timeout, LongSupplier nanoTime) {
		this.server = server;
		this.timeoutNanos = timeout.toNanos();
		this.nanoTime = nanoTime;
	}

	/**
	 * Has a claim decided.
	 * @return what the script says of it
	 */
	CompletableFuture<byte[]> take(Line line) {
		if (this.waiting.isEmpty() && begins()) {
			long begin = this.nanoTime.getAsLong();
			return this.server.apply(Question.of(Operation.SLIDE, line))
				.whenComplete((numbers, failure) -> ended(begin));
		}
		Waiting claim = new Waiting(line, this.nanoTime.getAsLong(), new CompletableFuture<>());
		this.waiting.add(claim);
		sendWaiting();
		return claim.answer;
	}

	private boolean begins() {
		int calls = this.underWay.get();
		return (calls < CALLS || this.slow) && (this.underWay.compareAndSet(calls, calls + 1) || begins());
	}

	private void ended(long begin) {
		this.slow = this.nanoTime.getAsLong() - begin > this.timeoutNanos / PART;
		this.underWay.decrementAndGet();
		sendWaiting();
	}

	private void sendWaiting() {
		while (!this.waiting.isEmpty() && begins()) {
			List<Waiting> claims = next();
			if (claims.isEmpty()) {
				this.underWay.decrementAndGet();
			}
			else {
				send(claims);
			}
		}
	}

	/**
	 * Takes the next claims out, but for those that nobody waits for any more.
	 */
	private List<Waiting> next() {
		List<Waiting> claims = new ArrayList<>();
		long now = this.nanoTime.getAsLong();
		for (Waiting claim = poll(claims); claim != null; claim = poll(claims)) {
			if (now - claim.since < this.timeoutNanos) {
				claims.add(claim);
			}
			else {
				claim.answer.completeExceptionally(new CancellationException());
			}
		}
		return claims;
	}

	private @Nullable Waiting poll(List<Waiting> claims) {
		return (claims.size() < MOST_CLAIMS) ? this.waiting.poll() : null;
	}

	private void send(List<Waiting> claims) {
		Map<String, List<Waiting>> byKey = new LinkedHashMap<>();
		claims.forEach((claim) -> byKey.computeIfAbsent(claim.line.key(), (key) -> new ArrayList<>(1)).add(claim));
		List<Waiting> ordered = byKey.values().stream().flatMap(List::stream).toList();
		long begin = this.nanoTime.getAsLong();
		CompletableFuture<?> unused = this.server
			.apply(new Question(Operation.SLIDE, 0, ordered.stream().map(Waiting::line).toList()))
			.whenComplete((numbers, failure) -> {
				ended(begin);
				if (failure != null) {
					ordered.forEach((claim) -> claim.answer.completeExceptionally(failure));
				}
				else {
					answered(ordered, new Answer(numbers));
				}
			});
	}

	private void answered(List<Waiting> claims, Answer answer) {
		for (Waiting claim : claims) {
			byte[] numbers = answer.nextBytes(claim.line.policy().policy);
			if (numbers != null) {
				claim.answer.complete(numbers);
			}
			else {
				takeAlone(claim);
			}
		}
	}

	private void takeAlone(Waiting claim) {
		CompletableFuture<?> unused = this.server.apply(Question.of(Operation.TAKE, claim.line))
			.whenComplete((numbers, failure) -> {
				if (failure != null) {
					claim.answer.completeExceptionally(failure);
				}
				else {
					claim.answer.complete(numbers);
				}
			});
	}

	/**
	 * A claim that is yet to be sent.
	 */
	private record Waiting(Line line, long since, CompletableFuture<byte[]> answer) {
	}

}
