package io.ratelimit.redis.chaos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.SlotHash;
import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * The kinds of requests. Each is made with a few keys that are spread over the nodes of a
 * cluster, and by a store that has no other traffic.
 */
enum Traffic {

	FEW(2, false, false, Policies.FEW),

	MANY(2, false, false, Policies.MANY),

	MANY_ASYNC(2, true, false, Policies.MANY),

	BUCKET(2, false, false, Policies.BUCKET),

	LEDGER(2, false, false, Policies.LEDGER),

	CROWD(8, false, false, Policies.LEDGER),

	SLOT_PAIR(4, false, false, Policies.FEW, Policies.LEDGER),

	CROSS_PAIR(2, false, true, Policies.MANY, Policies.LEDGER),

	CROSS_PAIR_ASYNC(2, true, true, Policies.LEDGER, Policies.MANY);

	/** The masters of a cluster. */
	static final int NODES = 3;

	private static final int HEAVY = 9;

	private final int threads;

	private final boolean async;

	@SuppressWarnings("ImmutableEnumChecker") // of copies
	private final List<List<NamedClaim>> requests;

	Traffic(int threads, boolean async, boolean across, Policy... policies) {
		this.threads = threads;
		this.async = async;
		String name = name().toLowerCase(Locale.ROOT);
		this.requests = IntStream.range(0, NODES).mapToObj((node) -> {
			List<NamedClaim> claims = new ArrayList<>();
			for (int i = 0; i < policies.length; i++) {
				int shift = across ? i : 0;
				claims.add(new NamedClaim(policies[i], keyOf(name + shift, (node + shift) % NODES), 1));
			}
			return List.copyOf(claims);
		}).toList();
	}

	/**
	 * Returns how many threads of each process make such requests.
	 */
	int threads() {
		return this.threads;
	}

	/**
	 * Returns whether the answer is awaited without a thread.
	 */
	boolean isAsync() {
		return this.async;
	}

	/**
	 * Returns which request a thread makes next: each in turn, except that one pair in
	 * one slot is in heavy use.
	 * @param number how many the thread has made
	 */
	int next(int number) {
		return (this == SLOT_PAIR) ? Math.max(0, number % HEAVY - HEAVY + NODES) : number % NODES;
	}

	/**
	 * Returns the requests, by the node that keeps the first key of each.
	 */
	List<List<NamedClaim>> requests() {
		return this.requests;
	}

	static int slotOf(String key) {
		return SlotHash.getSlot(key.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Returns the node of a cluster that keeps a key at the start.
	 */
	static int nodeOf(String key) {
		int node = 0;
		while (slotOf(key) >= (node + 1) * SlotHash.SLOT_COUNT / NODES) {
			node++;
		}
		return node;
	}

	private static String keyOf(String name, int node) {
		return IntStream.iterate(0, (i) -> i + 1)
			.mapToObj((i) -> name + '-' + i)
			.filter((key) -> nodeOf(key) == node)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * The policies; windows are short, so that a limit is reached many times, except for
	 * one that keeps account of all that was granted.
	 */
	static final class Policies {

		static final Policy FEW = Policy.of("few", Limit.valueOf("20/1s"));

		static final Policy MANY = Policy.of("many", Limit.valueOf("70/3s"));

		static final Policy BUCKET = Policy.of("bucket", Limit.valueOf("20/1s token-bucket burst 10"));

		static final Policy LEDGER = Policy.of("ledger", Limit.valueOf("1000000/1h"));

		static final List<Policy> ALL = List.of(FEW, MANY, BUCKET, LEDGER);

		private Policies() {
		}

	}

}
