package io.ratelimit.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.caffeine.CaffeineRateLimitStore;

/**
 * Floods a store with keys that are never seen again, at full speed, while a hundred keys
 * that are over their limit keep knocking. Claims that none of these gets more than its
 * limit in any window, that the heap stays flat, and that decisions stay as fast as they
 * were. Exits with 1 if a claim fails.
 */
public final class Flood {

	private static final int MAXIMUM_KEYS = 100_000;

	private static final int PERMITS = 100;

	private static final int STRANGERS = 4;

	private static final long LEAST_KEYS = 10_000_000;

	private static final double MOST_GROWTH = 1.25;

	private static final double MOST_SLOWDOWN = 1.5;

	private final Duration length;

	private final Duration window;

	private final CaffeineRateLimitStore store = CaffeineRateLimitStore.builder().maximumKeys(MAXIMUM_KEYS).build();

	private final Knocker knocker;

	private final List<Stranger> strangers = new ArrayList<>();

	private final List<Long> heap = new ArrayList<>();

	private boolean passed = true;

	private Flood(Duration length, Duration window) {
		this.length = length;
		this.window = window;
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.of(PERMITS, window)));
		this.knocker = new Knocker(limiter);
		for (int i = 0; i < STRANGERS; i++) {
			this.strangers.add(new Stranger(limiter, i, STRANGERS));
		}
	}

	/**
	 * Floods and reports.
	 * @param args seconds of the flood (60), and of the window (10)
	 */
	public static void main(String[] args) throws InterruptedException {
		Duration length = Duration.ofSeconds((args.length > 0) ? Long.parseLong(args[0]) : 60);
		Duration window = Duration.ofSeconds((args.length > 1) ? Long.parseLong(args[1]) : 10);
		new Flood(Duration.ofSeconds(3), window).run(); // compiles
		Flood flood = new Flood(length, window);
		flood.run();
		flood.report();
		System.exit(flood.passed ? 0 : 1);
	}

	private void run() throws InterruptedException {
		this.knocker.exhaust(PERMITS);
		List<Thread> threads = new ArrayList<>();
		threads.add(new Thread(this.knocker, "knocker"));
		this.strangers.forEach((stranger) -> threads.add(new Thread(stranger, "stranger")));
		threads.forEach(Thread::start);
		for (int tenth = 0; tenth < 10; tenth++) {
			Thread.sleep(this.length.dividedBy(10).toMillis());
			this.heap.add(Heap.afterCollection());
		}
		this.strangers.forEach(Stranger::stop);
		this.knocker.stop();
		for (Thread thread : threads) {
			thread.join();
		}
	}

	private void report() {
		long keys = this.strangers.stream().mapToLong(Stranger::keys).sum();
		System.out.printf("%,d distinct keys from %d threads in %d s into a store of %,d; %,d were dropped%n", keys,
				STRANGERS, this.length.toSeconds(), MAXIMUM_KEYS, this.store.evictions());
		claim(keys >= LEAST_KEYS, "a flood of at least %,d keys".formatted(LEAST_KEYS));

		int[] most = Arrays.stream(this.knocker.logs())
			.mapToInt((log) -> log.mostWithin(this.window.toNanos()))
			.toArray();
		claim(Arrays.stream(most).allMatch((grants) -> grants <= PERMITS),
				"at most %d grants in any %d s: %d of %d knocking keys had more, the most was %d".formatted(PERMITS,
						this.window.toSeconds(), Arrays.stream(most).filter((grants) -> grants > PERMITS).count(),
						most.length, Arrays.stream(most).max().orElseThrow()));
		int[] grants = Arrays.stream(this.knocker.logs()).mapToInt(GrantLog::size).sorted().toArray();
		System.out.printf("      each knocked %,d times and was granted %d to %d%n", this.knocker.rounds(), grants[0],
				grants[grants.length - 1]);

		long first = this.heap.get(0);
		long largest = this.heap.stream().mapToLong(Long::longValue).max().orElseThrow();
		claim(largest <= MOST_GROWTH * first, "a flat heap: %.1f MB after a tenth of the flood, %.1f MB at most"
			.formatted(first / 1e6, largest / 1e6));

		double before = medianNanos(0);
		double after = medianNanos(9);
		claim(after <= MOST_SLOWDOWN * before,
				"as fast as before: %.0f ns a decision in the first tenth, %.0f ns in the last, ratio %.2f"
					.formatted(before, after, after / before));
	}

	private double medianNanos(int tenth) {
		return this.strangers.stream().mapToDouble((stranger) -> stranger.medianNanos(tenth)).average().orElseThrow();
	}

	private void claim(boolean holds, String text) {
		System.out.println((holds ? "PASS  " : "FAIL  ") + text);
		this.passed &= holds;
	}

}
