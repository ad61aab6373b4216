package io.ratelimit.redis.chaos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;

/**
 * The proxies in front of servers, or none.
 */
final class Proxies implements AutoCloseable {

	private final Map<Integer, TcpProxy> byServer = new LinkedHashMap<>();

	Proxies(boolean proxied, List<RedisServer> servers) {
		if (proxied) {
			servers.forEach((server) -> this.byServer.put(server.port(), TcpProxy.to(server.port())));
		}
	}

	List<TcpProxy> all() {
		return List.copyOf(this.byServer.values());
	}

	/**
	 * Returns the port of each proxy by the port of the server behind it.
	 */
	Map<Integer, Integer> ports() {
		return this.byServer.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> entry.getValue().port()));
	}

	@Override
	public void close() {
		this.byServer.values().forEach(TcpProxy::close);
	}

}
