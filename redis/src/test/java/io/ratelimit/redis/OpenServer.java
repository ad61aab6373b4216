package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.ratelimit.testing.RedisServer;

/**
 * A server, a client of it for stores, and a connection to see what they leave behind.
 */
final class OpenServer implements AutoCloseable {

	/** For tests that are not about time. */
	static final Duration PATIENT = Duration.ofSeconds(10);

	private final RedisServer server = RedisServer.start();

	private final RedisClient client = RedisClient.create(this.server.uri());

	private final StatefulRedisConnection<String, byte[]> connection = this.client
		.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));

	private final RedisCommands<String, byte[]> commands = this.connection.sync();

	/**
	 * Removes all keys.
	 */
	OpenServer emptied() {
		this.commands.flushall();
		return this;
	}

	/**
	 * Starts to build a store that has all the time it needs.
	 */
	RedisRateLimitStore.Builder store() {
		return RedisRateLimitStore.builder(this.client).timeout(PATIENT);
	}

	RedisCommands<String, byte[]> commands() {
		return this.commands;
	}

	/**
	 * Returns the connection of the {@link #commands}.
	 */
	StatefulRedisConnection<String, byte[]> connection() {
		return this.connection;
	}

	/**
	 * Returns how often a command was called since the statistics were reset.
	 */
	long calls(String command) {
		Matcher matcher = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
			.matcher(this.commands.info("commandstats"));
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	@Override
	public void close() {
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.server.close();
	}

}
