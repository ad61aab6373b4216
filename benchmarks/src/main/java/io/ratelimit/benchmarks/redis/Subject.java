package io.ratelimit.benchmarks.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import io.ratelimit.BoundPolicy;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.redis.RedisRateLimitStore;

/**
 * A rate limiter to measure.
 */
enum Subject {

	/** The lower bound: a script that does nothing. */
	BARE("bare EVALSHA") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			RedisCommands<String, String> commands = client.connect().sync();
			String digest = commands.scriptLoad("return 1");
			return (key) -> commands.<Long>evalsha(digest, ScriptOutputType.INTEGER, key) == 1;
		}
	},

	/** The shortest script that counts. */
	COUNTER("EVALSHA of INCRBY") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			RedisCommands<String, String> commands = client.connect().sync();
			String digest = commands.scriptLoad("return redis.call('INCRBY', KEYS[1], 1)");
			return (key) -> commands.<Long>evalsha(digest, ScriptOutputType.INTEGER, "counter:" + key) > 0;
		}
	},

	RATELIMIT("Ratelimit") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			return limiter(client, 0, limit);
		}
	},

	THREE_LIMITS("Ratelimit, three limits") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			return limiter(client, 0, limit, Limit.of(limit.permits(), limit.window().multipliedBy(60)),
					Limit.of(limit.permits(), limit.window().multipliedBy(1440)));
		}
	},

	LEASE_10("Ratelimit, leases of 10") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			return limiter(client, 10, limit);
		}
	},

	LEASE_100("Ratelimit, leases of 100") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			return limiter(client, 100, limit);
		}
	},

	REFUSED("Ratelimit, refused") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			Caller caller = limiter(client, 0, Limit.valueOf("1/1h"));
			return (key) -> {
				boolean first = caller.take(key); // once a key and hour
				return !first || !caller.take(key);
			};
		}
	},

	BUCKET4J("Bucket4j's Lettuce proxy manager") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			ProxyManager<String> buckets = Bucket4jLettuce
				.casBasedBuilder(client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)))
				.expirationAfterWrite(
						ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
				.build();
			BucketConfiguration configuration = BucketConfiguration.builder()
				.addLimit((bucket) -> bucket.capacity(limit.permits()).refillGreedy(limit.permits(), limit.window()))
				.build();
			return (key) -> buckets.getProxy("bucket4j:" + key, () -> configuration).tryConsume(1);
		}
	},

	GATEWAY("Spring Cloud Gateway's script") {
		@Override
		Caller open(RedisClient client, Limit limit) {
			RedisCommands<String, String> commands = client.connect().sync();
			String digest = commands.scriptLoad(gatewayScript());
			String rate = String.valueOf(Math.max(1, limit.permits() / limit.window().toSeconds()));
			String capacity = String.valueOf(limit.permits());
			return (key) -> {
				String[] keys = { "gateway:{" + key + "}.tokens", "gateway:{" + key + "}.timestamp" };
				List<Long> answer = commands.evalsha(digest, ScriptOutputType.MULTI, keys, rate, capacity, "", "1");
				return answer.get(0) == 1;
			};
		}
	};

	final String text;

	Subject(String text) {
		this.text = text;
	}

	/**
	 * Opens connections of its own, which stay open as long as the client.
	 * @param limit the limit of every key
	 */
	abstract Caller open(RedisClient client, Limit limit);

	private static Caller limiter(RedisClient client, long lease, Limit... limits) {
		RedisRateLimitStore store = RedisRateLimitStore.builder(client)
			.keyPrefix(limits.length + "-" + lease + "-" + limits[0].permits() + ":")
			.timeout(Duration.ofSeconds(5))
			.lease(lease)
			.build();
		BoundPolicy limiter = store.bind(Policy.of("api", limits));
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
