package io.ratelimit.redis.chaos;

import java.util.List;

import io.ratelimit.redis.chaos.Address.Shape;
import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;

/**
 * A server that is by itself.
 */
final class SingleServer implements Topology {

	private final RedisServer server = RedisServer.start();

	private final Proxies proxies;

	SingleServer(boolean proxied) {
		this.proxies = new Proxies(proxied, masters());
	}

	@Override
	public Address address() {
		return new Address(Shape.SINGLE, List.of(this.server.port()), this.proxies.ports());
	}

	@Override
	public List<RedisServer> masters() {
		return List.of(this.server);
	}

	@Override
	public List<RedisServer> replicas() {
		return List.of();
	}

	@Override
	public List<TcpProxy> proxies() {
		return this.proxies.all();
	}

	@Override
	public boolean isPromoted(RedisServer replica) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void failOver(RedisServer replica) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
		this.proxies.close();
		this.server.close();
	}

}
