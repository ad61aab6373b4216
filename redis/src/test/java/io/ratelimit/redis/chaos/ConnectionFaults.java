package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import io.ratelimit.redis.chaos.Address.Shape;
import io.ratelimit.testing.TcpProxy;

import static io.ratelimit.redis.chaos.Fault.AFTER_A_STOP;
import static io.ratelimit.redis.chaos.Fault.AFTER_SILENCE;

/**
 * Faults between applications and servers that are well.
 */
final class ConnectionFaults {

	static final List<Fault> ALL = List.of(
			Fault.proxied("connections closed", AFTER_A_STOP, ConnectionFaults::closed, Shape.values()),
			Fault.proxied("connections die in silence", AFTER_SILENCE, ConnectionFaults::silent, Shape.values()),
			Fault.proxied("connections to one node die in silence", AFTER_SILENCE, ConnectionFaults::silentNode,
					Shape.CLUSTER),
			Fault.proxied("connections closed, handshakes not answered for 3 s", AFTER_SILENCE,
					ConnectionFaults::ignoring, Shape.values()),
			Fault.proxied("connections refused for 2 s", AFTER_A_STOP, ConnectionFaults::refusing, Shape.values()),
			Fault.proxied("answers 120 ms late for 2 s", AFTER_A_STOP, ConnectionFaults::slow, Shape.SINGLE,
					Shape.CLUSTER));

	private static final Duration WHILE = Duration.ofSeconds(2);

	private ConnectionFaults() {
	}

	private static void closed(Incident incident) {
		incident.begins();
		incident.topology().proxies().forEach(TcpProxy::disconnect);
		incident.ends();
	}

	private static void silent(Incident incident) {
		incident.begins();
		incident.topology().proxies().forEach(TcpProxy::silence);
		incident.ends();
	}

	private static void silentNode(Incident incident) {
		incident.affects(ServerFaults::isOnTheFirstNode);
		incident.begins();
		incident.topology().proxies().get(0).silence();
		incident.ends();
	}

	private static void ignoring(Incident incident) throws InterruptedException {
		List<TcpProxy> proxies = incident.topology().proxies();
		incident.begins();
		proxies.forEach(TcpProxy::ignoreNew);
		proxies.forEach(TcpProxy::disconnect);
		incident.hold(Duration.ofSeconds(3));
		proxies.forEach(TcpProxy::forward);
		incident.ends();
	}

	private static void refusing(Incident incident) throws InterruptedException {
		List<TcpProxy> proxies = incident.topology().proxies();
		incident.begins();
		proxies.forEach(TcpProxy::refuseNew);
		proxies.forEach(TcpProxy::disconnect);
		incident.hold(WHILE);
		proxies.forEach(TcpProxy::forward);
		incident.ends();
	}

	private static void slow(Incident incident) throws InterruptedException {
		List<TcpProxy> proxies = incident.topology().proxies();
		incident.begins();
		proxies.forEach((proxy) -> proxy.delay(Duration.ofMillis(60)));
		incident.hold(WHILE);
		proxies.forEach((proxy) -> proxy.delay(Duration.ZERO));
		incident.ends();
	}

}
