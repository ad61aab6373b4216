package io.ratelimit.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Pings nodes that have left a call unanswered until they answer or their connection is
 * replaced: the next request may come late, and is to be counted. Safe for use by many
 * threads.
 */
final class SilenceWatch {

	private static final long PING_MILLIS = 500;

	private final Link link;

	SilenceWatch(Link link) {
		this.link = link;
	}

	/**
	 * Begins to ping the silent nodes of a connection, unless that has begun before.
	 */
	void watch(Connection connection) {
		if (connection.watch()) {
			pingLater(connection);
		}
	}

	private void pingLater(Connection connection) {
		CompletableFuture.delayedExecutor(PING_MILLIS, TimeUnit.MILLISECONDS).execute(() -> ping(connection));
	}

	private void ping(Connection connection) {
		boolean unanswered = false;
		try {
			connection.withdrawOverdue();
			unanswered = this.link.connection() == connection && !connection.isClosed() && connection.probe();
			if (unanswered && (connection.isLost() || connection.nodes().isAnySilent())) {
				this.link.renew();
			}
		}
		finally {
			if (unanswered) {
				pingLater(connection);
			}
			else {
				connection.unwatch();
			}
		}
	}

}
