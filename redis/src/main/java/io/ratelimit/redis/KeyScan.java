package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a server, or of all nodes of a cluster, that match a pattern. They are
 * looked through page by page, so that the server answers others in between.
 */
final class KeyScan {

	/** How many keys the server looks at for a page, about. */
	private static final int PAGE = 500;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Connection connection;

	private final ScanArgs page;

	private final BiFunction<Throwable, Duration, ? extends RuntimeException> failed;

	/**
	 * Creates a scan.
	 * @param failed returns what to throw after a failure or a time without an answer
	 */
	KeyScan(Connection connection, String pattern, BiFunction<Throwable, Duration, ? extends RuntimeException> failed) {
		this.connection = connection;
		this.page = ScanArgs.Builder.limit(PAGE).match(KeyCodec.bytes(pattern));
		this.failed = failed;
	}

	/**
	 * Does something for each key that is there from the begin to the end, and waits for
	 * it.
	 */
	void forEach(Function<String, CompletableFuture<?>> action) {
		KeyScanCursor<String> keys = null;
		do {
			keys = await(next(keys));
			await(CompletableFuture.allOf(keys.getKeys().stream().map(action).toArray(CompletableFuture<?>[]::new)));
		}
		while (!keys.isFinished());
	}

	private CompletableFuture<KeyScanCursor<String>> next(@Nullable ScanCursor former) {
		ScanCursor from = (former != null) ? former : ScanCursor.INITIAL;
		return this.connection.send(this.connection.nodes().ofNoKey().new Attempt(),
				(commands) -> commands.scan(from, this.page));
	}

	private <T> T await(CompletableFuture<T> answer) {
		return Deadline.await(answer, PATIENCE, (failure) -> this.failed.apply(failure, PATIENCE));
	}

}
