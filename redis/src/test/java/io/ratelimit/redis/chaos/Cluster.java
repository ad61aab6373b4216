package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import io.ratelimit.redis.RedisCluster;
import io.ratelimit.redis.chaos.Address.Shape;
import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;

/**
 * Three masters with a replica each.
 */
final class Cluster implements Topology {

	static final Duration NODE_TIMEOUT = Duration.ofSeconds(1);

	private final RedisCluster cluster = RedisCluster.startWithReplicas(NODE_TIMEOUT);

	private final Proxies proxies;

	Cluster(boolean proxied) {
		this.proxies = new Proxies(proxied, this.cluster.nodes());
		// the others answer while one is away
		this.cluster.nodes().forEach((node) -> node.send("CONFIG SET cluster-require-full-coverage no"));
	}

	@Override
	public Address address() {
		return new Address(Shape.CLUSTER, this.cluster.nodes().stream().map(RedisServer::port).toList(),
				this.proxies.ports());
	}

	@Override
	public List<RedisServer> masters() {
		return this.cluster.nodes().subList(0, Traffic.NODES);
	}

	@Override
	public List<RedisServer> replicas() {
		return this.cluster.nodes().subList(Traffic.NODES, 2 * Traffic.NODES);
	}

	@Override
	public List<TcpProxy> proxies() {
		return this.proxies.all();
	}

	@Override
	public boolean isPromoted(RedisServer replica) {
		return Roles.isMaster(replica);
	}

	@Override
	public void failOver(RedisServer replica) {
		replica.send("CLUSTER FAILOVER");
	}

	@Override
	public void close() {
		this.proxies.close();
		this.cluster.close();
	}

}
