package io.ratelimit.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.ratelimit.BoundClaim;
import io.ratelimit.Decision;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Several claims, decided together: by one call of the script, or on a cluster by one for
 * each slot, all of them sent before the first has answered, or none of them while one of
 * the nodes has a pause. Where one of those calls refuses or fails, what the others took
 * is given back. A batch with a claim that is known to be refused is not sent.
 */
final class Batch {

	private final Server server;

	/** The line that each claim is part of: claims on the same key share one. */
	private final List<String> keys = new ArrayList<>();

	private final Map<String, Line> lines = new LinkedHashMap<>();

	private final boolean cluster;

	Batch(Server server, List<BoundClaim> claims, boolean cluster) {
		this.server = server;
		this.cluster = cluster;
		for (BoundClaim claim : claims) {
			Line line = ((RedisPolicy) claim.policy()).line(claim.key(), claim.permits());
			this.keys.add(line.key());
			this.lines.merge(line.key(), line, Line::plus);
		}
	}

	/**
	 * Refuses the batch without the server, if that has refused one of its claims lately
	 * and said something of each.
	 * @return the decisions, or {@code null} if the server has to be asked
	 */
	@Nullable List<Decision> refused() {
		Map<String, Decision> decisions = new HashMap<>();
		for (Line line : this.lines.values()) {
			Decision decision = line.limiter().recall(line);
			if (decision == null) {
				return null;
			}
			decisions.put(line.key(), decision);
		}
		return decisions.values().stream().allMatch(Decision::allowed) ? null : inOrder(decisions);
	}

	CompletableFuture<List<Decision>> decide() {
		long begin = this.server.nanoTime();
		return settled(ask(bySlot(), begin), begin)
			.thenCompose((parts) -> (parts.size() == 1 || parts.stream().allMatch(Part::took))
					? CompletableFuture.completedFuture(decided(parts, begin)) : undo(parts, begin));
	}

	private List<Part> ask(List<List<Line>> slots, long begin) {
		List<CompletableFuture<byte[]>> answers = this.server
			.askAll(slots.stream().map((lines) -> new Question(Operation.TAKE, 0, lines)).toList());
		List<Part> parts = new ArrayList<>(slots.size());
		for (int i = 0; i < slots.size(); i++) {
			List<Line> lines = slots.get(i);
			parts.add(new Part(lines, answers.get(i).thenApply((numbers) -> decisions(lines, numbers, begin))));
		}
		return parts;
	}

	/**
	 * Waits for all parts. While a slot moves, its keys may be on two nodes: they are
	 * then asked for one by one.
	 */
	private CompletableFuture<List<Part>> settled(List<Part> parts, long begin) {
		return CompletableFuture.allOf(parts.stream().map(Part::decisions).toArray(CompletableFuture<?>[]::new))
			.handle((done, failure) -> parts.stream().noneMatch(Part::isDivided))
			.thenCompose((whole) -> {
				if (whole) {
					return CompletableFuture.completedFuture(parts);
				}
				List<Part> next = new ArrayList<>(parts.stream().filter((part) -> !part.isDivided()).toList());
				next.addAll(ask(parts.stream()
					.filter(Part::isDivided)
					.flatMap((part) -> part.lines().stream())
					.map((line) -> List.of(line))
					.toList(), begin));
				return settled(next, begin);
			});
	}

	/**
	 * Gives back what some of the parts took.
	 */
	private CompletableFuture<List<Decision>> undo(List<Part> parts, long begin) {
		return CompletableFuture
			.allOf(parts.stream()
				.filter(Part::took)
				.map((part) -> this.server.giveBack(part.lines(), begin))
				.toArray(CompletableFuture<?>[]::new))
			.handle((undone, failure) -> decided(parts, begin));
	}

	private List<List<Line>> bySlot() {
		if (!this.cluster && !this.lines.isEmpty()) {
			return List.of(List.copyOf(this.lines.values()));
		}
		Map<Integer, List<Line>> slots = new LinkedHashMap<>();
		for (Line line : this.lines.values()) {
			slots.computeIfAbsent(Nodes.slotOf(line.key()), (slot) -> new ArrayList<>()).add(line);
		}
		return List.copyOf(slots.values());
	}

	private static Map<String, Decision> decisions(List<Line> lines, byte[] numbers, long begin) {
		Map<String, Decision> decisions = new HashMap<>();
		Answer answer = new Answer(numbers);
		for (Line line : lines) {
			decisions.put(line.key(), answer.next(line.policy().policy, begin));
		}
		return decisions;
	}

	private List<Decision> decided(List<Part> parts, long begin) {
		Map<String, Decision> decisions = new HashMap<>();
		parts.forEach((part) -> decisions.putAll(part.decisions().join()));
		boolean charged = decisions.values().stream().allMatch(Decision::allowed);
		for (Line line : this.lines.values()) {
			line.limiter().remember(line, Objects.requireNonNull(decisions.get(line.key())), charged, begin);
		}
		return inOrder(decisions);
	}

	private List<Decision> inOrder(Map<String, Decision> decisions) {
		return this.keys.stream().map(decisions::get).toList();
	}

	/**
	 * The lines of one slot, and what the script says of them by their keys.
	 */
	private record Part(List<Line> lines, CompletableFuture<Map<String, Decision>> decisions) {

		boolean took() {
			return !this.decisions.isCompletedExceptionally()
					&& this.decisions.join().values().stream().allMatch(Decision::allowed);
		}

		boolean isDivided() {
			return this.lines.size() > 1 && this.decisions.isCompletedExceptionally()
					&& this.decisions.handle((decided, failure) -> Failure.isSlotMoving(failure)).join();
		}

	}

}
