package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What became of the calls during and after a fault.
 *
 * @param countedAgain how long that took for what it took longest; {@code null} if it did
 * not happen
 * @param slowest of what it took longest
 * @param uncounted of which kind most were not counted
 * @param othersCounted the share of those counted that the fault did not affect, while it
 * lasted; {@code null} if it affected all
 * @param longest the longest call
 * @param machine how late a thread of the machine was at most
 * @param excess permits that were charged and not granted; {@code null} if the fault
 * loses permits
 * @param violations what must not be
 */
record Verdict(@Nullable Duration countedAgain, String slowest, String uncounted, @Nullable Double othersCounted,
		Duration longest, Duration machine, @Nullable Long excess, List<String> violations) {

	static final String HEADER = "| fault | servers | counted again after | last | most uncounted | others counted | longest call | machine late | charged, not granted | violations |\n|---|---|---:|---|---|---:|---:|---:|---:|---|";

	/**
	 * Returns a line of a table.
	 */
	String row(String fault, Address.Shape shape) {
		return "| %s | %s | %s | %s | %s | %s | %s ms | %s ms | %s | %s |".formatted(fault,
				shape.name().toLowerCase(Locale.ROOT), (this.countedAgain != null) ? seconds(this.countedAgain) : "not",
				this.slowest, this.uncounted, (this.othersCounted != null) ? percent(this.othersCounted) : "",
				this.longest.toMillis(), this.machine.toMillis(), (this.excess != null) ? this.excess : "",
				this.violations.isEmpty() ? "none" : String.join("; ", this.violations));
	}

	static String percent(double share) {
		return String.format(Locale.ROOT, "%.1f %%", 100 * share);
	}

	static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
	}

}
