package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A fault while it happens: what it happens to, and what is known of it that a judge
 * needs.
 */
final class Incident {

	private final Topology topology;

	private final List<ClientProcess> clients;

	private final List<Span> losses = new ArrayList<>();

	private final Map<Integer, Span> halts = new HashMap<>();

	private final Set<Integer> gone = new HashSet<>();

	private boolean replacing = true;

	private Predicate<Call> affected = (call) -> true;

	private long begin;

	private long end;

	Incident(Topology topology, List<ClientProcess> clients) {
		this.topology = topology;
		this.clients = clients;
	}

	Topology topology() {
		return this.topology;
	}

	ClientProcess client() {
		return this.clients.get(0);
	}

	void begins() {
		this.begin = System.nanoTime();
		this.end = this.begin;
	}

	/**
	 * Marks the moment from which nothing is wrong any more.
	 */
	void ends() {
		this.end = System.nanoTime();
	}

	/**
	 * Marks what was counted before now and after the fault's begin, as lost. This is for
	 * what the documentation says is lost.
	 */
	void loses() {
		this.losses.add(new Span(this.begin, System.nanoTime()));
	}

	/**
	 * Sets which calls can fail. The others are to be counted all the time.
	 */
	void affects(Predicate<Call> affected) {
		this.affected = affected;
	}

	/**
	 * Marks the fault as one that is over before a replica is promoted. Where a busy
	 * machine made it longer, it was another fault.
	 */
	void replacesNobody() {
		this.replacing = false;
	}

	/**
	 * Returns whether what has happened is what was meant to.
	 */
	boolean isAsMeant() {
		return this.replacing || this.topology.replicas().stream().noneMatch(Roles::isMaster);
	}

	/**
	 * Marks the client's calls since the fault's begin as held up by the client itself.
	 */
	void wasHalted(ClientProcess client) {
		this.halts.put(client.number(), new Span(this.begin, System.nanoTime()));
	}

	/**
	 * Marks the client as one that does not come back.
	 */
	void isGone(ClientProcess client) {
		this.gone.add(client.number());
	}

	void hold(Duration duration) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(duration.toNanos());
	}

	long begin() {
		return this.begin;
	}

	long end() {
		return this.end;
	}

	List<Span> losses() {
		return this.losses;
	}

	boolean isAffected(Call call) {
		return this.affected.test(call);
	}

	boolean comesBack(Call call) {
		return !this.gone.contains(call.process());
	}

	boolean isHeldUp(Call call) {
		Span halt = this.halts.get(call.process());
		return halt != null && call.begin() < halt.to() && call.end() > halt.from();
	}

	/**
	 * A time between two moments.
	 */
	record Span(long from, long to) {

	}

}
