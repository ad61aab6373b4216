package io.ratelimit.spring.store;

import java.time.Duration;
import java.util.Objects;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.cluster.RedisClusterClient;
import io.ratelimit.redis.RedisRateLimitStore;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The client that the store connects by: for a single server the one of the application's
 * connection factory; for Sentinel and a cluster another one that is configured alike,
 * with its resources.
 */
/*
 * A client asks Sentinels and nodes one after the other, and waits for each as long as
 * for an answer to a command, a minute by default: one that accepts connections and does
 * not answer would keep it from finding the others.
 */
final class RedisStoreClient implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final LettuceConnectionFactory application;

	/** Only used for its client. */
	private final @Nullable LettuceConnectionFactory own;

	RedisStoreClient(LettuceConnectionFactory application) {
		this.application = application;
		this.own = own(application);
	}

	/**
	 * Starts to build the store.
	 */
	RedisRateLimitStore.Builder store() {
		LettuceConnectionFactory factory = Objects.requireNonNullElse(this.own, this.application);
		return factory.isClusterAware()
				? RedisRateLimitStore.lazyClusterBuilder(() -> (RedisClusterClient) factory.getRequiredNativeClient())
				: RedisRateLimitStore.lazyBuilder(() -> (RedisClient) factory.getRequiredNativeClient());
	}

	void start() {
		if (this.own != null) {
			this.own.start();
		}
	}

	void stop() {
		if (this.own != null) {
			this.own.stop();
		}
	}

	@Override
	public void close() {
		if (this.own != null) {
			this.own.destroy();
		}
	}

	private static @Nullable LettuceConnectionFactory own(LettuceConnectionFactory application) {
		LettuceClientConfiguration client = application.getClientConfiguration();
		RedisClusterConfiguration cluster = application.getClusterConfiguration();
		if (cluster != null) {
			return factory(new LettuceConnectionFactory(cluster, configuration(client, clusterOptions(client))));
		}
		RedisSentinelConfiguration sentinel = application.getSentinelConfiguration();
		return (sentinel != null) ? factory(new LettuceConnectionFactory(sentinel,
				configuration(client, bounded(options(client).mutate(), options(client)).build()))) : null;
	}

	private static LettuceConnectionFactory factory(LettuceConnectionFactory factory) {
		factory.setShareNativeConnection(false);
		factory.afterPropertiesSet();
		return factory;
	}

	private static LettuceClientConfiguration configuration(LettuceClientConfiguration application,
			ClientOptions options) {
		LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder();
		if (application.isUseSsl()) {
			LettuceSslClientConfigurationBuilder ssl = builder.useSsl().verifyPeer(application.getVerifyMode());
			builder = (application.isStartTls() ? ssl.startTls() : ssl).and();
		}
		application.getClientResources().ifPresent(builder::clientResources);
		application.getClientName().ifPresent(builder::clientName);
		application.getRedisCredentialsProviderFactory().ifPresent(builder::redisCredentialsProviderFactory);
		return builder.clientOptions(options)
			.commandTimeout(TIMEOUT)
			.shutdownTimeout(application.getShutdownTimeout())
			.shutdownQuietPeriod(application.getShutdownQuietPeriod())
			.build();
	}

	/*
	 * Lettuce 6, of Spring Boot 3.5, has no triggers unless they are enabled.
	 */
	@SuppressWarnings("deprecation")
	private static ClientOptions clusterOptions(LettuceClientConfiguration application) {
		ClientOptions options = options(application);
		ClusterTopologyRefreshOptions topology = ClusterTopologyRefreshOptions.builder()
			.enableAdaptiveRefreshTrigger(RefreshTrigger.values())
			.adaptiveRefreshTriggersTimeout(TIMEOUT)
			.dynamicRefreshSources(!(options instanceof ClusterClientOptions cluster)
					|| cluster.getTopologyRefreshOptions().useDynamicRefreshSources())
			.build();
		ClusterClientOptions.Builder builder = ClusterClientOptions.builder(options).topologyRefreshOptions(topology);
		bounded(builder, options);
		return builder.build();
	}

	private static ClientOptions.Builder bounded(ClientOptions.Builder builder, ClientOptions options) {
		SocketOptions socket = options.getSocketOptions();
		boolean longer = socket.getConnectTimeout().compareTo(TIMEOUT) > 0;
		return builder.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.socketOptions(longer ? socket.mutate().connectTimeout(TIMEOUT).build() : socket);
	}

	private static ClientOptions options(LettuceClientConfiguration application) {
		return application.getClientOptions().orElseGet(ClientOptions::create);
	}

}
