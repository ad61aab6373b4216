package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import io.ratelimit.redis.RedisRateLimitStore;
import io.ratelimit.redis.chaos.Address.Shape;
import io.ratelimit.testing.RedisServer;

import static io.ratelimit.redis.chaos.Fault.AFTER_A_STOP;

/**
 * The move of a slot in use, with two keys of it apart for a while.
 */
final class SlotFaults {

	static final List<Fault> ALL = List
		.of(Fault.of("a slot moves, its keys apart for 1 s", AFTER_A_STOP, SlotFaults::moving, Shape.CLUSTER));

	private SlotFaults() {
	}

	private static void moving(Incident incident) throws InterruptedException {
		List<RedisServer> masters = incident.topology().masters();
		RedisServer source = masters.get(0);
		RedisServer target = masters.get(1);
		String key = Traffic.SLOT_PAIR.requests().get(0).get(0).key();
		int slot = Traffic.slotOf(key);
		String sourceId = id(source);
		String targetId = id(target);
		incident.affects((call) -> call.claims().stream().anyMatch((claim) -> Traffic.slotOf(claim.key()) == slot));
		incident.begins();
		send(target, "CLUSTER SETSLOT " + slot + " IMPORTING " + sourceId);
		send(source, "CLUSTER SETSLOT " + slot + " MIGRATING " + targetId);
		migrate(source, target,
				RedisRateLimitStore.DEFAULT_KEY_PREFIX + "{" + key + "}" + Traffic.Policies.LEDGER.name());
		incident.hold(Duration.ofSeconds(1));
		List<String> left = keys(source, slot);
		while (!left.isEmpty()) {
			left.forEach((name) -> migrate(source, target, name));
			left = keys(source, slot);
		}
		send(target, "CLUSTER SETSLOT " + slot + " NODE " + targetId);
		send(source, "CLUSTER SETSLOT " + slot + " NODE " + targetId);
		send(masters.get(2), "CLUSTER SETSLOT " + slot + " NODE " + targetId);
		incident.ends();
	}

	private static void migrate(RedisServer source, RedisServer target, String key) {
		send(source, "MIGRATE 127.0.0.1 " + target.port() + ' ' + key + " 0 1000");
	}

	private static List<String> keys(RedisServer server, int slot) {
		return server.send("CLUSTER GETKEYSINSLOT " + slot + " 100")
			.lines()
			.filter((line) -> line.startsWith(RedisRateLimitStore.DEFAULT_KEY_PREFIX))
			.toList();
	}

	private static String id(RedisServer server) {
		return server.send("CLUSTER MYID").lines().skip(1).findFirst().orElseThrow();
	}

	private static void send(RedisServer server, String command) {
		String answer = server.send(command);
		if (!answer.startsWith("+")) {
			throw new IllegalStateException(command + ": " + answer);
		}
	}

}
