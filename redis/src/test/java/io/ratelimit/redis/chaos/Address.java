package io.ratelimit.redis.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an application is configured with: the ports on the loopback address of a server,
 * of Sentinels or of the nodes of a cluster.
 *
 * @param shape what is there
 * @param ports the ports
 * @param proxies the port of the proxy in front of each server that has one
 */
record Address(Shape shape, List<Integer> ports, Map<Integer, Integer> proxies) {

	static Address parse(String text) {
		String[] parts = text.split("/", -1);
		return new Address(Shape.valueOf(parts[0]),
				Arrays.stream(parts[1].split(",", -1)).map(Integer::valueOf).toList(),
				Arrays.stream(parts[2].split(",", -1))
					.filter((entry) -> !entry.isEmpty())
					.map((entry) -> entry.split("=", -1))
					.collect(Collectors.toMap((entry) -> Integer.valueOf(entry[0]),
							(entry) -> Integer.valueOf(entry[1]))));
	}

	/**
	 * Returns the same servers without their proxies.
	 */
	Address direct() {
		return new Address(this.shape, this.ports, Map.of());
	}

	@Override
	public String toString() {
		return this.shape + "/" + this.ports.stream().map(String::valueOf).collect(Collectors.joining(",")) + "/"
				+ this.proxies.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + "=" + entry.getValue())
					.collect(Collectors.joining(","));
	}

	/**
	 * How servers are arranged.
	 */
	enum Shape {

		SINGLE, SENTINEL, CLUSTER

	}

}
