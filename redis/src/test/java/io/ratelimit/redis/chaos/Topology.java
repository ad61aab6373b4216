package io.ratelimit.redis.chaos;

import java.util.List;

import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;

/**
 * Running servers.
 */
interface Topology extends AutoCloseable {

	/**
	 * Starts servers.
	 * @param shape how they are arranged
	 * @param proxied whether there is a proxy in front of each
	 */
	static Topology start(Address.Shape shape, boolean proxied) {
		return switch (shape) {
			case SINGLE -> new SingleServer(proxied);
			case SENTINEL -> new Sentinels(proxied);
			case CLUSTER -> new Cluster(proxied);
		};
	}

	/**
	 * Returns what applications are configured with.
	 */
	Address address();

	/**
	 * Returns the masters at the start.
	 */
	List<RedisServer> masters();

	/**
	 * Returns the replica of each of them.
	 */
	List<RedisServer> replicas();

	/**
	 * Returns the proxies in front of masters and replicas, in this order.
	 */
	List<TcpProxy> proxies();

	/**
	 * Returns whether a replica has been promoted, and whoever applications find it by
	 * knows.
	 */
	boolean isPromoted(RedisServer replica);

	/**
	 * Replaces a master that is well by its replica.
	 */
	void failOver(RedisServer replica);

	@Override
	void close();

}
