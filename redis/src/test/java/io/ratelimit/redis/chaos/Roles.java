package io.ratelimit.redis.chaos;

import io.ratelimit.testing.RedisServer;

/**
 * What a server is to others.
 */
final class Roles {

	private Roles() {
	}

	static boolean isMaster(RedisServer server) {
		return server.send("ROLE").startsWith("*3\r\n$6\r\nmaster\r\n");
	}

}
