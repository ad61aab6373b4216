package io.ratelimit.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.lettuce.core.cluster.SlotHash;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Several claims, decided together: by one call of the script, or on a cluster by one for
 * each slot, all of them sent before the first has answered. Where one of those refuses
 * or fails, the others give back what they took.
 */
final class Batch {

	private final Server server;

	/** The line that each claim is part of: claims on the same key share one. */
	private final List<String> keys = new ArrayList<>();

	private final Map<String, Line> lines = new LinkedHashMap<>();

	private final boolean cluster;

	Batch(Server server, List<Claim> claims, List<RedisRateLimiter> limiters, boolean cluster) {
		this.server = server;
		this.cluster = cluster;
		for (int i = 0; i < claims.size(); i++) {
			Line line = limiters.get(i).lineOfBatch(claims.get(i).key(), claims.get(i).permits());
			this.keys.add(line.key());
			this.lines.merge(line.key(), line, Line::plus);
		}
	}

	CompletableFuture<List<Decision>> decide() {
		long begin = this.server.nanoTime();
		List<Part> parts = new ArrayList<>();
		for (List<Line> lines : bySlot()) {
			parts.add(new Part(lines, this.server.ask(new Question(Operation.TAKE, 0, lines))));
		}
		if (parts.size() == 1) {
			return parts.get(0).answer().thenApply((answer) -> decisions(parts));
		}
		return CompletableFuture.allOf(parts.stream().map(Part::answer).toArray(CompletableFuture<?>[]::new))
			.<@Nullable Throwable>handle((done, failure) -> failure)
			.thenCompose((failure) -> (failure == null && parts.stream().allMatch(Part::took))
					? CompletableFuture.completedFuture(decisions(parts)) : undo(parts, failure, begin));
	}

	/**
	 * Gives back what some of the parts took. Where that fails too, it stays taken.
	 */
	private CompletableFuture<List<Decision>> undo(List<Part> parts, @Nullable Throwable failure, long begin) {
		return CompletableFuture
			.allOf(parts.stream()
				.filter(Part::took)
				.map((part) -> part.giveBack(this.server, this.server.nanoTime() - begin))
				.toArray(CompletableFuture<?>[]::new))
			.handle((undone, problem) -> {
				if (failure != null) {
					throw new CompletionException(failure);
				}
				return decisions(parts);
			});
	}

	private Collection<List<Line>> bySlot() {
		if (!this.cluster) {
			return List.of(List.copyOf(this.lines.values()));
		}
		Map<Integer, List<Line>> slots = new LinkedHashMap<>();
		for (Line line : this.lines.values()) {
			slots.computeIfAbsent(SlotHash.getSlot(line.key()), (slot) -> new ArrayList<>()).add(line);
		}
		return slots.values();
	}

	private List<Decision> decisions(List<Part> parts) {
		Map<String, Decision> decisions = new HashMap<>();
		parts.forEach((part) -> decisions.putAll(part.decisions()));
		return this.keys.stream().map(decisions::get).toList();
	}

	/**
	 * The lines of one slot, and what the script says of them.
	 */
	private record Part(List<Line> lines, CompletableFuture<byte[]> answer) {

		boolean took() {
			return !this.answer.isCompletedExceptionally() && decisions().values().stream().allMatch(Decision::allowed);
		}

		Map<String, Decision> decisions() {
			Map<String, Decision> decisions = new HashMap<>();
			Answer answer = new Answer(this.answer.join());
			for (Line line : this.lines) {
				decisions.put(line.key(), answer.next(line.policy().policy));
			}
			return decisions;
		}

		CompletableFuture<?> giveBack(Server server, long heldNanos) {
			return server.ask(Question.giveBack(this.lines, heldNanos));
		}

	}

}
