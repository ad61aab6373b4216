package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.ratelimit.redis.chaos.Call.Outcome;
import io.ratelimit.redis.chaos.Series.Slowest;
import org.jspecify.annotations.Nullable;

/**
 * Reads what several processes recorded of an incident.
 */
final class Judge {

	/** How long the calls are looked at that a fault does not affect, at least. */
	private static final long OTHERS = TimeUnit.SECONDS.toNanos(1);

	private final Incident incident;

	private final Terms terms;

	private final List<Call> calls;

	/**
	 * Makes a judge.
	 * @param calls all calls, those of each process in the order of their ends
	 */
	Judge(Incident incident, Terms terms, List<Call> calls) {
		this.incident = incident;
		this.terms = terms;
		this.calls = calls;
	}

	/**
	 * Returns whether all is counted again, and has been for a while.
	 */
	boolean isOver(Duration quiet) {
		Duration recovery = Series.slowest(this.incident, this.calls, this.terms.stray()).recovery();
		return recovery != null && System.nanoTime() - this.incident.end() >= recovery.plus(quiet).toNanos();
	}

	/**
	 * Judges.
	 * @param ledger what the server has charged; {@code null} if permits were lost
	 * @param machine how late a thread of the machine was at most
	 */
	Verdict verdict(@Nullable Ledger ledger, Duration machine) {
		List<String> violations = new ArrayList<>(Windows.violations(this.calls, this.incident.losses()));
		Slowest slowest = Series.slowest(this.incident, this.calls, this.terms.stray());
		Duration recovery = slowest.recovery();
		if (recovery == null) {
			violations.add("not counted again: " + slowest.series());
		}
		else if (recovery.compareTo(this.terms.countsAgain()) > 0) {
			violations.add("counted again after more than " + Verdict.seconds(this.terms.countsAgain()));
		}
		Duration longest = longest();
		if (longest.compareTo(this.terms.timeout().plus(this.terms.slack())) > 0) {
			violations.add("a call of %s ms".formatted(longest.toMillis()));
		}
		DoubleSummaryStatistics others = others();
		// two of a kind that are late by chance can be more than a hundredth of it
		if (others.getCount() > 0 && (others.getAverage() < this.terms.others()
				|| others.getMin() < Math.min(this.terms.others(), 1 - this.terms.stray()))) {
			violations.add("others not counted, of one kind only " + Verdict.percent(others.getMin()));
		}
		long broken = this.calls.stream().filter((call) -> call.outcome() == Outcome.BROKEN).count();
		if (broken > 0) {
			violations.add(broken + " calls that threw or were never answered");
		}
		Long excess = (ledger != null) ? ledger.excess(this.calls, this.terms.timeout(), violations) : null;
		return new Verdict(recovery, slowest.series().toString(), uncounted(),
				(others.getCount() > 0) ? others.getAverage() : null, longest, machine, excess, violations);
	}

	private Duration longest() {
		return Duration.ofNanos(this.calls.stream()
			.filter((call) -> call.end() - this.incident.begin() >= 0 && !this.incident.isHeldUp(call))
			.mapToLong(Call::nanos)
			.max()
			.orElse(0));
	}

	/**
	 * Returns the shares of the calls that were counted, for each kind, among those that
	 * the fault did not affect.
	 */
	private DoubleSummaryStatistics others() {
		long until = Math.max(this.incident.end(), this.incident.begin() + OTHERS);
		return this.calls.stream()
			.filter((call) -> call.begin() - this.incident.begin() >= 0 && call.begin() - until < 0)
			.filter((call) -> !this.incident.isAffected(call))
			.collect(Collectors.groupingBy(Call::traffic, Collectors.averagingInt((call) -> call.isCounted() ? 1 : 0)))
			.values()
			.stream()
			.mapToDouble(Double::doubleValue)
			.summaryStatistics();
	}

	private String uncounted() {
		Map<Traffic, List<Call>> kinds = this.calls.stream()
			.filter((call) -> call.end() - this.incident.begin() >= 0 && this.incident.comesBack(call))
			.collect(Collectors.groupingBy(Call::traffic));
		return kinds.entrySet()
			.stream()
			.map((kind) -> Map.entry(kind.getKey(),
					kind.getValue().stream().filter((call) -> !call.isCounted()).count()))
			.max(Map.Entry.comparingByValue())
			.map((worst) -> "%s %s of %s".formatted(worst.getKey(), worst.getValue(), kinds.get(worst.getKey()).size()))
			.orElse("");
	}

}
