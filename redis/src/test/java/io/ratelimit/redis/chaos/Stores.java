package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import io.ratelimit.redis.RedisRateLimitStore;

/**
 * The stores of one process, each with a client of its own.
 */
final class Stores implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final String HOST = "127.0.0.1";

	private final Address address;

	private final ClientResources resources;

	private final List<AbstractRedisClient> clients = new ArrayList<>();

	private final List<RedisRateLimitStore> stores = new ArrayList<>();

	Stores(Address address) {
		this.address = address;
		this.resources = ClientResources.builder()
			.socketAddressResolver(MappingSocketAddressResolver.create(DnsResolvers.UNRESOLVED, this::proxyOf))
			.build();
	}

	/**
	 * Builds another store.
	 */
	RedisRateLimitStore open(Duration timeout) {
		RedisRateLimitStore store = builder().timeout(timeout).build();
		this.stores.add(store);
		return store;
	}

	/**
	 * Closes the stores and nothing else.
	 */
	void closeStores() {
		this.stores.forEach(RedisRateLimitStore::close);
	}

	@Override
	public void close() {
		closeStores();
		this.clients.forEach((client) -> client.shutdown(0, 1, TimeUnit.SECONDS));
		this.resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	private RedisRateLimitStore.Builder builder() {
		List<RedisURI> uris = this.address.ports().stream().map(Stores::uri).toList();
		return switch (this.address.shape()) {
			case SINGLE -> RedisRateLimitStore.builder(used(client(uris.get(0))));
			case SENTINEL -> RedisRateLimitStore.builder(used(client(sentinel())));
			case CLUSTER -> RedisRateLimitStore.builder(used(cluster(uris)));
		};
	}

	/*
	 * The options are those that the starter gives its client.
	 */
	private RedisClient client(RedisURI uri) {
		RedisClient client = RedisClient.create(this.resources, uri);
		client.setOptions(ClientOptions.builder()
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
			.build());
		return client;
	}

	private RedisClusterClient cluster(List<RedisURI> uris) {
		RedisClusterClient client = RedisClusterClient.create(this.resources, uris);
		client.setOptions(ClusterClientOptions.builder()
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
			.topologyRefreshOptions(
					ClusterTopologyRefreshOptions.builder().adaptiveRefreshTriggersTimeout(TIMEOUT).build())
			.build());
		return client;
	}

	private static RedisURI uri(int port) {
		return RedisURI.builder().withHost(HOST).withPort(port).withTimeout(TIMEOUT).build();
	}

	private RedisURI sentinel() {
		RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId("main").withTimeout(TIMEOUT);
		this.address.ports().forEach((port) -> builder.withSentinel(HOST, port));
		return builder.build();
	}

	private <T extends AbstractRedisClient> T used(T client) {
		this.clients.add(client);
		return client;
	}

	private HostAndPort proxyOf(HostAndPort server) {
		return HostAndPort.of(server.getHostText(),
				this.address.proxies().getOrDefault(server.getPort(), server.getPort()));
	}

}
