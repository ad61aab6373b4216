package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Claims on sliding windows, each decided by itself: sent at once while few calls are
 * under way, and else together in the next one. A single claim never waits, and each
 * claim of a crowd costs the server a fraction of a call. Safe for use by many threads.
 */
/*
 * Two calls are under way at a time, so that the server has the next one while the
 * answers of the last are handed out here. The second has at least half as many claims as
 * the first: a caller that is answered first would else go alone again and again, and a
 * crowd would cost as many calls as it has claims. Claims are not queued while calls take
 * more than an eighth of the timeout.
 */
final class Convoy {

	private static final int CALLS = 2;

	private static final int MOST_CLAIMS = 64;

	/** The part of the timeout that a call may take for others to wait for it. */
	private static final int PART = 8;

	private static final byte[] NO_BYTES = {};

	private final Function<Question, CompletableFuture<byte[]>> server;

	private final long timeoutNanos;

	private final LongSupplier nanoTime;

	/** Guarded by this. */
	private final Queue<Waiting> waiting = new ArrayDeque<>();

	/** Guarded by this. */
	private int calls;

	/** How many claims those carry; guarded by this. */
	private int claims;

	/** Guarded by this. */
	private boolean slow;

	/**
	 * Creates a convoy.
	 * @param server asked by calls of the script
	 * @param timeout longest time that a caller waits for an answer
	 */
	Convoy(Function<Question, CompletableFuture<byte[]>> server, Duration timeout, LongSupplier nanoTime) {
		this.server = server;
		this.timeoutNanos = timeout.toNanos();
		this.nanoTime = nanoTime;
	}

	/**
	 * Decides a claim.
	 * @return what the script says of it
	 */
	CompletableFuture<byte[]> take(Line line) {
		Waiting claim = new Waiting(line, this.nanoTime.getAsLong(), new CompletableFuture<>());
		synchronized (this) {
			this.waiting.add(claim);
		}
		sendNext();
		return claim.answer;
	}

	private void sendNext() {
		for (List<Waiting> next = next(); !next.isEmpty(); next = next()) {
			send(next);
		}
	}

	/**
	 * Takes out the claims that a call can be made for now.
	 */
	private synchronized List<Waiting> next() {
		int size = Math.min(this.waiting.size(), MOST_CLAIMS);
		boolean enough = this.calls < CALLS && size >= (this.claims + 1) / 2;
		if (size == 0 || !(enough || this.slow)) {
			return List.of();
		}
		List<Waiting> next = new ArrayList<>(size);
		for (int i = 0; i < size; i++) {
			next.add(this.waiting.remove());
		}
		this.calls++;
		this.claims += size;
		return next;
	}

	private void send(List<Waiting> claims) {
		long begin = this.nanoTime.getAsLong();
		List<Waiting> sent = inTime(claims, begin);
		if (sent.isEmpty()) {
			ended(claims.size(), begin);
			return;
		}
		CompletableFuture<?> unused = ask(new Question(Operation.SLIDE, 0, sent.stream().map(Waiting::line).toList()))
			.whenComplete((numbers, failure) -> {
				ended(claims.size(), begin);
				sendNext();
				answer(sent, numbers, failure);
			});
	}

	private CompletableFuture<byte[]> ask(Question question) {
		try {
			return this.server.apply(question);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Returns the claims that a caller still waits for, those on one key one behind the
	 * other.
	 */
	private List<Waiting> inTime(List<Waiting> claims, long now) {
		Map<String, List<Waiting>> byKey = new LinkedHashMap<>();
		for (Waiting claim : claims) {
			if (now - claim.since < this.timeoutNanos) {
				byKey.computeIfAbsent(claim.line.key(), (key) -> new ArrayList<>(1)).add(claim);
			}
			else {
				claim.answer.completeExceptionally(new CancellationException());
			}
		}
		return (byKey.size() == claims.size()) ? claims : byKey.values().stream().flatMap(List::stream).toList();
	}

	private synchronized void ended(int claims, long begin) {
		this.calls--;
		this.claims -= claims;
		this.slow = this.nanoTime.getAsLong() - begin > this.timeoutNanos / PART;
	}

	private void answer(List<Waiting> claims, byte @Nullable [] numbers, @Nullable Throwable failure) {
		Answer answer = new Answer((numbers != null) ? numbers : NO_BYTES);
		Throwable problem = failure;
		for (Waiting claim : claims) {
			if (problem == null) {
				problem = answer(claim, answer);
			}
			if (problem != null) {
				claim.answer.completeExceptionally(problem);
			}
		}
	}

	/**
	 * Hands out the next part of an answer.
	 * @return what is wrong with the answer, if anything
	 */
	private @Nullable Throwable answer(Waiting claim, Answer answer) {
		try {
			byte[] own = answer.nextBytes(claim.line.policy().policy);
			if (own != null) {
				claim.answer.complete(own);
			}
			else {
				takeAlone(claim);
			}
			return null;
		}
		catch (IllegalStateException ex) {
			return ex;
		}
	}

	private void takeAlone(Waiting claim) {
		CompletableFuture<?> unused = ask(Question.of(Operation.TAKE, claim.line)).whenComplete((numbers, failure) -> {
			if (failure != null) {
				claim.answer.completeExceptionally(failure);
			}
			else {
				claim.answer.complete(numbers);
			}
		});
	}

	/**
	 * A claim that is yet to be answered.
	 */
	private record Waiting(Line line, long since, CompletableFuture<byte[]> answer) {
	}

}
