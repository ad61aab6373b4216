package io.ratelimit.benchmarks.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.ratelimit.Limit;

/**
 * Measures decisions in Redis by callers that wait for each answer: how long one takes,
 * how many there are in a second, and what they cost the server. In rounds that are
 * interleaved, so that what disturbs the machine for a while disturbs everybody; the
 * median of the rounds counts. Each has a database of its own, so that nobody's keys are
 * looked up among those of the others.
 */
public final class RedisLoad {

	private static final int MANY = 10_000;

	/** More than are taken of a key while this runs. */
	private static final Limit LIMIT_OF_MANY = Limit.valueOf("60000/1m");

	/** More than are taken of a key where there is no other. */
	private static final Limit LIMIT_OF_ONE = Limit.valueOf("600000000/1m");

	private static final long MEASURED = TimeUnit.SECONDS.toNanos(1);

	/** How long a round runs before, while caches are full of what others did. */
	private static final long BEFORE = TimeUnit.MILLISECONDS.toNanos(500);

	private static final int WARM_UPS = 2;

	private static final int MOST_SAMPLES = 1_000_000;

	private final ClientResources resources;

	private final RedisURI uri;

	private final RedisCommands<String, String> server;

	private RedisLoad(ClientResources resources, RedisURI uri) {
		this.resources = resources;
		this.uri = uri;
		this.server = RedisClient.create(resources, uri).connect().sync();
	}

	/**
	 * Prints a table.
	 * @param args the server's URI, the number of rounds, and how many callers there are
	 */
	public static void main(String[] args) throws Exception {
		ClientResources resources = ClientResources.create();
		try {
			int[] callers = Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray();
			new RedisLoad(resources, RedisURI.create(args[0])).run(Integer.parseInt(args[1]), callers);
		}
		finally {
			resources.shutdown().syncUninterruptibly();
		}
	}

	private void run(int rounds, int[] numbers) throws Exception {
		System.out.println("| keys | callers | | p50 µs | p99 µs | decisions/s | server CPU µs |");
		System.out.println("|---:|---:|---|---:|---:|---:|---:|");
		for (int keys : new int[] { MANY, 1 }) {
			this.server.flushall();
			Map<Subject, Caller> asked = new EnumMap<>(Subject.class);
			for (Subject subject : Subject.values()) {
				asked.put(subject, subject.open(client(asked.size()), (keys == 1) ? LIMIT_OF_ONE : LIMIT_OF_MANY));
			}
			for (int callers : numbers) {
				Map<Subject, List<Result>> results = new EnumMap<>(Subject.class);
				for (int round = -WARM_UPS; round < rounds; round++) {
					for (Map.Entry<Subject, Caller> entry : asked.entrySet()) {
						measure(entry.getValue(), keys, callers, BEFORE);
						Result result = measure(entry.getValue(), keys, callers, MEASURED);
						if (round >= 0) {
							results.computeIfAbsent(entry.getKey(), (same) -> new ArrayList<>()).add(result);
						}
					}
				}
				results.forEach((subject, of) -> System.out
					.println("| %,d | %d | %s | %.1f | %.1f | %,.0f | %.2f |".formatted(keys, callers, subject.text,
							median(of, 0), median(of, 1), median(of, 2), median(of, 3))));
			}
		}
	}

	private RedisClient client(int database) {
		return RedisClient.create(this.resources, RedisURI.builder(this.uri).withDatabase(database).build());
	}

	private Result measure(Caller caller, int keys, int callers, long nanos) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			double cpu = serverSeconds();
			long begin = System.nanoTime();
			List<Future<long[]>> futures = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				futures.add(threads.submit(() -> call(caller, keys, begin + nanos, MOST_SAMPLES / callers)));
			}
			List<long[]> samples = new ArrayList<>();
			long decisions = 0;
			for (Future<long[]> future : futures) {
				long[] of = future.get();
				decisions += of[0];
				samples.add(Arrays.copyOfRange(of, 1, of.length));
			}
			double seconds = (System.nanoTime() - begin) / 1e9;
			long[] sorted = samples.stream().flatMapToLong(Arrays::stream).sorted().toArray();
			return new Result(sorted[sorted.length / 2] / 1e3, sorted[sorted.length / 100 * 99] / 1e3,
					decisions / seconds, (serverSeconds() - cpu) * 1e6 / decisions);
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * Returns the number of decisions, and how long the first of them took.
	 */
	private static long[] call(Caller caller, int keys, long end, int most) {
		long[] times = new long[1 + most];
		long decisions = 0;
		long now = System.nanoTime();
		while (now < end) {
			if (!caller.take("key" + ((keys == 1) ? 0 : ThreadLocalRandom.current().nextInt(keys)))) {
				throw new IllegalStateException("a decision was not what it should be");
			}
			long then = System.nanoTime();
			decisions++;
			if (decisions <= most) {
				times[(int) decisions] = then - now;
			}
			now = then;
		}
		times[0] = decisions;
		return Arrays.copyOf(times, (int) Math.min(decisions, most) + 1);
	}

	private double serverSeconds() {
		String info = this.server.info("cpu");
		return seconds(info, "used_cpu_user") + seconds(info, "used_cpu_sys");
	}

	private static double seconds(String info, String name) {
		Matcher matcher = Pattern.compile("^" + name + ":([0-9.]+)", Pattern.MULTILINE).matcher(info);
		if (!matcher.find()) {
			throw new IllegalStateException(info);
		}
		return Double.parseDouble(matcher.group(1));
	}

	private static double median(List<Result> results, int column) {
		double[] sorted = results.stream().mapToDouble((result) -> result.column(column)).sorted().toArray();
		return sorted[sorted.length / 2];
	}

	private record Result(double p50, double p99, double perSecond, double serverMicros) {

		double column(int column) {
			return switch (column) {
				case 0 -> this.p50;
				case 1 -> this.p99;
				case 2 -> this.perSecond;
				default -> this.serverMicros;
			};
		}

	}

}
