package io.ratelimit.redis.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.redis.Wait;
import io.ratelimit.redis.chaos.Address.Shape;
import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;

/**
 * A master and a replica that three Sentinels watch.
 */
final class Sentinels implements Topology {

	private static final int SENTINELS = 3;

	private static final int QUORUM = 2;

	private final List<RedisServer> sentinels = new ArrayList<>();

	private final RedisServer master = RedisServer.start("repl-diskless-sync-delay 0");

	private final RedisServer replica = RedisServer.start("repl-diskless-sync-delay 0",
			"replicaof 127.0.0.1 " + this.master.port());

	private final Proxies proxies;

	Sentinels(boolean proxied) {
		this.proxies = new Proxies(proxied, List.of(this.master, this.replica));
		Wait.until("a replica that follows",
				() -> this.replica.send("INFO replication").contains("master_link_status:up"));
		for (int i = 0; i < SENTINELS; i++) {
			this.sentinels.add(RedisServer.startSentinel(this.master, QUORUM,
					"sentinel down-after-milliseconds main 1000", "sentinel failover-timeout main 3000"));
		}
		Wait.until("Sentinels that know one another", () -> this.sentinels.stream()
			.allMatch((sentinel) -> sentinel.send("INFO sentinel").contains("slaves=1,sentinels=" + SENTINELS)));
	}

	@Override
	public Address address() {
		return new Address(Shape.SENTINEL, this.sentinels.stream().map(RedisServer::port).toList(),
				this.proxies.ports());
	}

	@Override
	public List<RedisServer> masters() {
		return List.of(this.master);
	}

	@Override
	public List<RedisServer> replicas() {
		return List.of(this.replica);
	}

	@Override
	public List<TcpProxy> proxies() {
		return this.proxies.all();
	}

	@Override
	public boolean isPromoted(RedisServer replica) {
		return Roles.isMaster(replica) && this.sentinels.stream()
			.anyMatch((sentinel) -> sentinel.send("SENTINEL GET-MASTER-ADDR-BY-NAME main")
				.contains("\r\n" + replica.port() + "\r\n"));
	}

	@Override
	public void failOver(RedisServer replica) {
		this.sentinels.get(0).send("SENTINEL FAILOVER main");
	}

	@Override
	public void close() {
		this.proxies.close();
		Stream.concat(this.sentinels.stream(), Stream.of(this.replica, this.master)).forEach(RedisServer::close);
	}

}
