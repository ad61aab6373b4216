package io.ratelimit.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UnansweredTests {

	private final Unanswered unanswered = new Unanswered(Duration.ofNanos(1));

	private final List<CompletableFuture<?>> commands = Stream.generate(() -> new CompletableFuture<>())
		.limit(100)
		.<CompletableFuture<?>>map((command) -> command)
		.toList();

	@Test
	void aCallerCancelsAFewOnly() {
		addAll();
		long before = cancelled();
		this.unanswered.withdrawSome();
		assertThat(cancelled() - before).isBetween(1L, 8L);
	}

	@Test
	void manyCallersCancelAll() {
		addAll();
		this.commands.forEach((command) -> this.unanswered.withdrawSome());
		assertThat(this.commands).allMatch(CompletableFuture::isCancelled);
	}

	@Test
	void allThatAreOverdueCanBeCancelledAtOnce() {
		addAll();
		this.unanswered.withdrawOverdue();
		assertThat(this.commands).allMatch(CompletableFuture::isCancelled);
	}

	@Test
	void whatDependsOnACommandMaySendAnother() {
		CompletableFuture<Void> next = new CompletableFuture<>();
		for (CompletableFuture<?> command : this.commands) {
			CompletableFuture<?> unused = command.whenComplete((answer, failure) -> this.unanswered.add(next));
		}
		addAll();
		this.unanswered.withdrawOverdue();
		assertThat(this.commands).allMatch(CompletableFuture::isCancelled);
	}

	private void addAll() {
		this.commands.forEach(this.unanswered::add);
	}

	private long cancelled() {
		return this.commands.stream().filter(CompletableFuture::isCancelled).count();
	}

}
