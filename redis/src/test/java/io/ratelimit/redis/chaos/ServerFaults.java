package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import io.ratelimit.redis.chaos.Address.Shape;
import io.ratelimit.testing.RedisServer;

import static io.ratelimit.redis.chaos.Fault.AFTER_A_STOP;

/**
 * Faults of servers that are the same servers afterwards.
 */
final class ServerFaults {

	static final List<Fault> ALL = List.of(
			Fault.of("killed, back after 1 s", AFTER_A_STOP, (incident) -> killed(incident, 1), Shape.SINGLE),
			Fault.of("killed, back after 8 s", AFTER_A_STOP, (incident) -> killed(incident, 8), Shape.SINGLE),
			Fault.of("stopped for 0.4 s", AFTER_A_STOP, (incident) -> stopped(incident, 400), Shape.values()),
			Fault.of("stopped for 3 s", AFTER_A_STOP, (incident) -> stopped(incident, 3000), Shape.SINGLE),
			Fault.of("one node of three stopped for 0.7 s", AFTER_A_STOP, ServerFaults::oneNodeStopped, Shape.CLUSTER),
			Fault.of("CLIENT PAUSE 1000", AFTER_A_STOP, ServerFaults::paused, Shape.SINGLE, Shape.CLUSTER),
			Fault.of("out of memory for 2 s", AFTER_A_STOP, ServerFaults::withoutMemory, Shape.SINGLE, Shape.CLUSTER),
			Fault.of("read-only for 2 s", AFTER_A_STOP, ServerFaults::readOnly, Shape.SINGLE),
			Fault.of("eviction", AFTER_A_STOP, ServerFaults::evicting, Shape.SINGLE),
			Fault.of("SCRIPT FLUSH", AFTER_A_STOP, ServerFaults::withoutScripts, Shape.values()));

	private static final Duration WHILE = Duration.ofSeconds(2);

	private ServerFaults() {
	}

	private static void killed(Incident incident, int seconds) throws InterruptedException {
		RedisServer server = incident.topology().masters().get(0);
		incident.begins();
		server.kill();
		incident.hold(Duration.ofSeconds(seconds));
		server.restart();
		incident.ends();
		incident.loses();
	}

	private static void stopped(Incident incident, long millis) throws InterruptedException {
		List<RedisServer> masters = incident.topology().masters();
		incident.replacesNobody();
		incident.begins();
		masters.forEach(RedisServer::freeze);
		incident.hold(Duration.ofMillis(millis));
		masters.forEach(RedisServer::thaw);
		incident.ends();
	}

	private static void oneNodeStopped(Incident incident) throws InterruptedException {
		RedisServer node = incident.topology().masters().get(0);
		incident.affects(ServerFaults::isOnTheFirstNode);
		incident.replacesNobody();
		incident.begins();
		node.freeze();
		incident.hold(Duration.ofMillis(700));
		node.thaw();
		incident.ends();
	}

	private static void paused(Incident incident) throws InterruptedException {
		incident.begins();
		sendToAll(incident, "CLIENT PAUSE 1000");
		incident.hold(Duration.ofSeconds(1));
		incident.ends();
	}

	private static void withoutMemory(Incident incident) throws InterruptedException {
		sendToAll(incident, "CONFIG SET maxmemory-policy noeviction");
		incident.begins();
		sendToAll(incident, "CONFIG SET maxmemory 1");
		incident.hold(WHILE);
		sendToAll(incident, "CONFIG SET maxmemory 0");
		incident.ends();
	}

	private static void readOnly(Incident incident) throws InterruptedException {
		incident.begins();
		sendToAll(incident, "REPLICAOF 127.0.0.1 1"); // nobody is there, so that the data
														// stays
		incident.hold(WHILE);
		sendToAll(incident, "REPLICAOF NO ONE");
		incident.ends();
	}

	private static void evicting(Incident incident) throws InterruptedException {
		RedisServer server = incident.topology().masters().get(0);
		server.send("DEBUG POPULATE 20000 ballast 200");
		long used = Long.parseLong(server.send("INFO memory")
			.lines()
			.filter((line) -> line.startsWith("used_memory:"))
			.map((line) -> line.substring(line.indexOf(':') + 1))
			.findFirst()
			.orElseThrow());
		server.send("CONFIG SET maxmemory-policy allkeys-random");
		incident.begins();
		for (int i = 0; i < 4; i++) {
			server.send("CONFIG SET maxmemory " + used * 3 / 4);
			incident.hold(Duration.ofMillis(500));
			server.send("DEBUG POPULATE 20000 ballast" + i + " 200");
		}
		server.send("CONFIG SET maxmemory 0");
		incident.ends();
		incident.loses();
	}

	private static void withoutScripts(Incident incident) throws InterruptedException {
		incident.begins();
		for (int i = 0; i < 10; i++) {
			sendToAll(incident, "SCRIPT FLUSH");
			incident.hold(Duration.ofMillis(100));
		}
		incident.ends();
	}

	static boolean isOnTheFirstNode(Call call) {
		return call.claims().stream().anyMatch((claim) -> Traffic.nodeOf(claim.key()) == 0);
	}

	private static void sendToAll(Incident incident, String command) {
		for (RedisServer master : incident.topology().masters()) {
			String answer = master.send(command);
			if (!answer.startsWith("+OK")) {
				throw new IllegalStateException(command + ": " + answer);
			}
		}
	}

}
