package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import io.ratelimit.redis.Wait;
import io.ratelimit.redis.chaos.Address.Shape;
import io.ratelimit.testing.RedisServer;

import static io.ratelimit.redis.chaos.Fault.AFTER_SILENCE;

/**
 * Faults after which a replica is the master. They end with its promotion.
 */
final class Failovers {

	static final List<Fault> ALL = List.of(
			Fault.of("master killed, replaced", AFTER_SILENCE, Failovers::killed, Shape.SENTINEL, Shape.CLUSTER),
			Fault.of("master hangs, replaced, wakes 7 s later", AFTER_SILENCE, Failovers::hanging, Shape.SENTINEL,
					Shape.CLUSTER),
			Fault.of("failover by hand", AFTER_SILENCE, Failovers::byHand, Shape.SENTINEL),
			Fault.of("failover by hand", AFTER_SILENCE, Failovers::byHandWithoutLoss, Shape.CLUSTER));

	private static final Duration HANGING = Duration.ofSeconds(7);

	private Failovers() {
	}

	private static void killed(Incident incident) {
		begin(incident);
		incident.topology().masters().get(0).kill();
		awaitPromotion(incident);
		incident.loses();
	}

	private static void hanging(Incident incident) throws InterruptedException {
		RedisServer master = incident.topology().masters().get(0);
		begin(incident);
		master.freeze();
		awaitPromotion(incident);
		incident.loses();
		incident.hold(HANGING);
		master.thaw();
	}

	/**
	 * The old master goes on for a while, and what it counts then is lost.
	 */
	private static void byHand(Incident incident) {
		RedisServer master = incident.topology().masters().get(0);
		begin(incident);
		incident.topology().failOver(incident.topology().replicas().get(0));
		awaitPromotion(incident);
		Wait.until("a master that is none any more", () -> !Roles.isMaster(master));
		incident.ends();
		incident.loses();
	}

	private static void byHandWithoutLoss(Incident incident) {
		begin(incident);
		incident.topology().failOver(incident.topology().replicas().get(0));
		awaitPromotion(incident);
	}

	private static void begin(Incident incident) {
		if (incident.topology().address().shape() == Shape.CLUSTER) {
			incident.affects(ServerFaults::isOnTheFirstNode);
		}
		incident.begins();
	}

	private static void awaitPromotion(Incident incident) {
		RedisServer replica = incident.topology().replicas().get(0);
		Wait.until("a promotion", () -> incident.topology().isPromoted(replica));
		incident.ends();
	}

}
