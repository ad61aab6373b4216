package io.ratelimit.benchmarks.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimiter;
import io.ratelimit.redis.RedisRateLimitStore;

/**
 * Who is asked.
 */
enum Subject {

	/** What nobody can go below: a script that does nothing. */
	BARE("bare EVALSHA") {
		@Override
		Caller open(RedisClient client) {
			RedisCommands<String, String> commands = client.connect().sync();
			String digest = commands.scriptLoad("return 1");
			return (key) -> commands.<Long>evalsha(digest, ScriptOutputType.INTEGER, key) == 1;
		}
	},

	RATELIMIT("Ratelimit") {
		@Override
		Caller open(RedisClient client) {
			return limiter(client, 0, PLENTY);
		}
	},

	THREE_LIMITS("Ratelimit, three limits") {
		@Override
		Caller open(RedisClient client) {
			return limiter(client, 0, PLENTY, PLENTY.replace("/1m", "/1h"), PLENTY.replace("/1m", "/1d"));
		}
	},

	LEASE_10("Ratelimit, leases of 10") {
		@Override
		Caller open(RedisClient client) {
			return limiter(client, 10, PLENTY);
		}
	},

	LEASE_100("Ratelimit, leases of 100") {
		@Override
		Caller open(RedisClient client) {
			return limiter(client, 100, PLENTY);
		}
	},

	REFUSED("Ratelimit, refused") {
		@Override
		Caller open(RedisClient client) {
			Caller caller = limiter(client, 0, "1/1h");
			return (key) -> {
				boolean first = caller.take(key); // once a key and hour
				return !first || !caller.take(key);
			};
		}
	},

	BUCKET4J("Bucket4j's Lettuce proxy manager") {
		@Override
		Caller open(RedisClient client) {
			ProxyManager<String> buckets = Bucket4jLettuce
				.casBasedBuilder(client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)))
				.expirationAfterWrite(
						ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
				.build();
			BucketConfiguration configuration = BucketConfiguration.builder()
				.addLimit((limit) -> limit.capacity(PERMITS).refillGreedy(PERMITS, Duration.ofMinutes(1)))
				.build();
			return (key) -> buckets.getProxy("bucket4j:" + key, () -> configuration).tryConsume(1);
		}
	},

	GATEWAY("Spring Cloud Gateway's script") {
		@Override
		Caller open(RedisClient client) {
			RedisCommands<String, String> commands = client.connect().sync();
			String digest = commands.scriptLoad(gatewayScript());
			String rate = String.valueOf(PERMITS / 60);
			String capacity = String.valueOf(PERMITS);
			return (key) -> {
				String[] keys = { "gateway:{" + key + "}.tokens", "gateway:{" + key + "}.timestamp" };
				List<Long> answer = commands.evalsha(digest, ScriptOutputType.MULTI, keys, rate, capacity, "", "1");
				return answer.get(0) == 1;
			};
		}
	};

	private static final long PERMITS = 600_000_000;

	private static final String PLENTY = PERMITS + "/1m";

	final String text;

	Subject(String text) {
		this.text = text;
	}

	/**
	 * Opens connections of its own, which stay open as long as the client.
	 */
	abstract Caller open(RedisClient client);

	private static Caller limiter(RedisClient client, long lease, String... limits) {
		RedisRateLimitStore store = RedisRateLimitStore.builder(client)
			.keyPrefix(limits.length + "-" + lease + "-" + limits[0].length() + ":")
			.timeout(Duration.ofSeconds(5))
			.lease(lease)
			.build();
		RateLimiter limiter = store
			.limiter(Policy.of("api", Arrays.stream(limits).map(Limit::valueOf).toArray(Limit[]::new)));
		return (key) -> limiter.tryAcquire(key).allowed();
	}

	private static String gatewayScript() {
		try (InputStream script = Subject.class.getResourceAsStream("/META-INF/scripts/request_rate_limiter.lua")) {
			if (script == null) {
				throw new IllegalStateException("the gateway's script is not on the class path");
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
