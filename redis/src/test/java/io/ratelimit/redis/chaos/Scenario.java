package io.ratelimit.redis.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.ratelimit.redis.chaos.Address.Shape;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A fault that happens to servers while applications make requests.
 */
record Scenario(Fault fault, Shape shape) {

	static final int PROCESSES = 2;

	private static final Duration BEFORE = Duration.ofMillis(1500);

	/** How long all must be well before the end. */
	private static final Duration AFTER = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final long LOOK = 500;

	/**
	 * Returns every fault with all that it can happen to.
	 */
	static List<Scenario> all() {
		return Stream.of(ServerFaults.ALL, Failovers.ALL, ConnectionFaults.ALL, SlotFaults.ALL, ClientFaults.ALL)
			.flatMap(List::stream)
			.flatMap((fault) -> fault.shapes().stream().map((shape) -> new Scenario(fault, shape)))
			.toList();
	}

	Verdict run(Terms terms) throws Exception {
		List<ClientProcess> clients = new ArrayList<>();
		try (Topology topology = Topology.start(this.shape, this.fault.proxied()); Pulse pulse = new Pulse()) {
			for (int i = 0; i < PROCESSES; i++) {
				clients.add(ClientProcess.start(i, topology.address(), terms));
			}
			for (ClientProcess client : clients) {
				client.awaitReady();
			}
			Incident incident = new Incident(topology, clients);
			incident.hold(BEFORE);
			this.fault.strike().at(incident);
			do {
				TimeUnit.MILLISECONDS.sleep(LOOK);
			}
			while (!new Judge(incident, terms, calls(clients)).isOver(AFTER)
					&& System.nanoTime() - incident.end() < PATIENCE.toNanos());
			for (ClientProcess client : clients) {
				client.finish();
			}
			assumeTrue(incident.isAsMeant(), "the machine is too busy for this fault");
			Ledger ledger = incident.losses().isEmpty() ? Ledger.read(topology.address().direct()) : null;
			return new Judge(incident, terms, calls(clients)).verdict(ledger, pulse.latest());
		}
		finally {
			for (ClientProcess client : clients) {
				client.close();
			}
		}
	}

	@Override
	public String toString() {
		return this.fault.name() + ", " + this.shape;
	}

	private static List<Call> calls(List<ClientProcess> clients) throws IOException {
		List<Call> calls = new ArrayList<>();
		for (ClientProcess client : clients) {
			calls.addAll(client.calls());
		}
		return calls;
	}

}
