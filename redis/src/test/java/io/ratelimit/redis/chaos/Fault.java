package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import io.ratelimit.redis.chaos.Address.Shape;

/**
 * A way to break something and to mend it again.
 *
 * @param name what happens
 * @param shapes what it can happen to
 * @param proxied whether that needs proxies
 * @param bound how soon all is counted again, on a machine that has nothing else to do
 * @param strike makes it happen
 */
record Fault(String name, List<Shape> shapes, boolean proxied, Duration bound, Strike strike) {

	/** After a server that stood still, or was gone and said so. */
	static final Duration AFTER_A_STOP = Duration.ofSeconds(2);

	/** After a connection or a master that has to be found dead first. */
	static final Duration AFTER_SILENCE = Duration.ofSeconds(5);

	static Fault of(String name, Duration bound, Strike strike, Shape... shapes) {
		return new Fault(name, List.of(shapes), false, bound, strike);
	}

	static Fault proxied(String name, Duration bound, Strike strike, Shape... shapes) {
		return new Fault(name, List.of(shapes), true, bound, strike);
	}

	/**
	 * What makes a fault happen.
	 */
	interface Strike {

		void at(Incident incident) throws Exception;

	}

}
