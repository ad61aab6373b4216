package io.ratelimit.redis.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimits;
import io.ratelimit.redis.Wait;
import io.ratelimit.redis.chaos.Call.Outcome;

/**
 * A process that makes requests of every kind without end, by several threads and for
 * each kind with a store of its own, and records every call. It ends with its standard
 * input; a line there closes the stores while calls are under way.
 */
final class Requests {

	static final String READY = "ready";

	private static final long NEVER_ANSWERED = 10;

	private static final long LAST_WORDS = 300;

	private final Set<String> uncounted = ConcurrentHashMap.newKeySet();

	private final CountDownLatch ended = new CountDownLatch(
			Arrays.stream(Traffic.values()).mapToInt(Traffic::threads).sum());

	private final OutputStream records;

	private final Duration pause;

	private volatile boolean running = true;

	private Requests(OutputStream records, Duration pause) {
		this.records = records;
		this.pause = pause;
	}

	/**
	 * Runs the process.
	 * @param arguments the servers, the file to record calls in, the stores' timeout and
	 * the pause of a thread between requests
	 */
	public static void main(String[] arguments) throws Exception {
		PrintStream out = System.out;
		LogManager.getLogManager().reset(); // each store would tell of each fault
		try (Stores stores = new Stores(Address.parse(arguments[0]));
				OutputStream records = new FileOutputStream(arguments[1])) {
			Requests requests = new Requests(records, Duration.parse(arguments[3]));
			for (Traffic traffic : Traffic.values()) {
				requests.start(traffic, stores.open(Duration.parse(arguments[2])));
			}
			Wait.until("requests of every kind that are counted", requests.uncounted::isEmpty);
			out.println(READY);
			int line = System.in.read();
			while (line >= 0) {
				stores.closeStores();
				line = System.in.read();
			}
			requests.running = false;
			requests.ended.await();
			TimeUnit.MILLISECONDS.sleep(LAST_WORDS); // for what is given back late
		}
	}

	private void start(Traffic traffic, RateLimitStore store) {
		RateLimits registry = RateLimits.builder(store).build();
		Traffic.Policies.ALL.forEach(registry::register);
		traffic.requests().forEach((claims) -> this.uncounted.add(traffic.toString() + claims));
		for (int i = 0; i < traffic.threads(); i++) {
			int first = i;
			Thread thread = new Thread(() -> run(traffic, registry, first), traffic + "-" + i);
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void run(Traffic traffic, RateLimits registry, int first) {
		int number = first;
		try {
			while (this.running) {
				int node = traffic.next(number++);
				List<NamedClaim> claims = traffic.requests().get(node);
				long begin = System.nanoTime();
				Outcome outcome = outcome(() -> traffic.isAsync() ? decideLater(registry, claims)
						: registry.admit(claims(registry, claims)).decisions());
				Call call = new Call(0, traffic, node, begin, System.nanoTime(), outcome);
				write(call);
				if (call.isCounted()) {
					this.uncounted.remove(traffic.toString() + claims);
				}
				LockSupport.parkNanos(this.pause.toNanos());
			}
		}
		finally {
			this.ended.countDown();
		}
	}

	private static List<Decision> decideLater(RateLimits registry, List<NamedClaim> claims) throws Exception {
		return registry.admitAsync(claims(registry, claims))
			.toCompletableFuture()
			.get(NEVER_ANSWERED, TimeUnit.SECONDS)
			.decisions();
	}

	private static List<Claim> claims(RateLimits registry, List<NamedClaim> claims) {
		return claims.stream()
			.map((claim) -> registry.limiter(claim.policy().name()).claim(claim.key(), claim.permits()))
			.toList();
	}

	private static Outcome outcome(Decisions call) {
		try {
			List<Decision> decisions = call.decide();
			if (!decisions.stream().allMatch(Decision::counted)) {
				return Outcome.UNCOUNTED;
			}
			return decisions.stream().allMatch(Decision::allowed) ? Outcome.GRANTED : Outcome.REFUSED;
		}
		catch (RateLimitStoreException ex) {
			return Outcome.UNCOUNTED;
		}
		catch (ExecutionException ex) {
			return (ex.getCause() instanceof RateLimitStoreException) ? Outcome.UNCOUNTED : broken(ex);
		}
		catch (TimeoutException ex) {
			return Outcome.BROKEN;
		}
		catch (Exception ex) {
			return broken(ex);
		}
	}

	private static Outcome broken(Exception ex) {
		System.err.println(ex + " at " + Arrays.stream(ex.getStackTrace()).limit(3).toList());
		return Outcome.BROKEN;
	}

	private void write(Call call) {
		byte[] line = call.toLine().getBytes(StandardCharsets.US_ASCII);
		try {
			synchronized (this.records) {
				this.records.write(line);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A call that has not been made yet.
	 */
	private interface Decisions {

		List<Decision> decide() throws Exception;

	}

}
