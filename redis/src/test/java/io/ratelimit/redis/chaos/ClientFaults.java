package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import io.ratelimit.redis.chaos.Address.Shape;

import static io.ratelimit.redis.chaos.Fault.AFTER_A_STOP;

/**
 * Faults of one application of two; the other is not to notice.
 */
final class ClientFaults {

	static final List<Fault> ALL = List.of(
			Fault.of("a client stopped for 2 s", AFTER_A_STOP, ClientFaults::stopped, Shape.SINGLE, Shape.CLUSTER),
			Fault.of("a client killed", AFTER_A_STOP, ClientFaults::killed, Shape.SINGLE, Shape.CLUSTER),
			Fault.of("stores closed under load", AFTER_A_STOP, ClientFaults::closing, Shape.values()));

	private ClientFaults() {
	}

	private static void stopped(Incident incident) throws InterruptedException {
		ClientProcess client = incident.client();
		incident.affects((call) -> call.process() == client.number());
		incident.begins();
		client.halt();
		incident.hold(Duration.ofSeconds(2));
		client.goOn();
		incident.ends();
		incident.wasHalted(client);
	}

	private static void killed(Incident incident) throws InterruptedException {
		ClientProcess client = incident.client();
		incident.affects((call) -> call.process() == client.number());
		incident.isGone(client);
		incident.begins();
		client.kill();
		incident.hold(Duration.ofSeconds(1));
		incident.ends();
	}

	private static void closing(Incident incident) throws Exception {
		ClientProcess client = incident.client();
		incident.affects((call) -> call.process() == client.number());
		incident.isGone(client);
		incident.begins();
		client.closeStores();
		incident.hold(Duration.ofSeconds(1));
		incident.ends();
	}

}
