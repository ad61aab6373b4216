package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimit.FailureMode;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static io.ratelimit.redis.Outage.MODES;
import static io.ratelimit.redis.Outage.PERMITS;
import static io.ratelimit.redis.Outage.USED;
import static io.ratelimit.redis.Outage.assertCountsAgain;
import static io.ratelimit.redis.Outage.assertFailing;
import static io.ratelimit.redis.Outage.assertLateChargesAreFew;
import static io.ratelimit.redis.Outage.left;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * While a server fails, every failure mode answers as it says, within the timeout at
 * first and at once after a few failures; when the server is back, it counts again.
 */
@Isolated
class RedisFailureTests {

	/** How long a server fails that begins to answer by itself. */
	private static final Duration OUTAGE = Duration.ofSeconds(4);

	private static final Limit LIMIT = Limit.valueOf(PERMITS + "/1h");

	private RedisServer server;

	private RedisClient client;

	private StatefulRedisConnection<String, String> connection;

	private RedisCommands<String, String> commands;

	@BeforeEach
	void start() {
		this.server = RedisServer.start();
		this.client = RedisClient.create(this.server.uri());
		this.connection = this.client.connect();
		this.commands = this.connection.sync();
	}

	@AfterEach
	void stop() {
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.server.close();
	}

	@Test
	void aServerThatIsKilled() {
		try (Application application = application()) {
			this.server.kill();
			assertFailing(application);
			assertThat(application.failures()).contains("there is no connection to Redis");
			assertThat(application.kinds()).contains(Kind.CONNECTION).doesNotContain(Kind.ERROR, Kind.OTHER);
		}
	}

	@Test
	void aServerThatIsKilledAndStartsAgain() {
		try (Application application = application()) {
			this.server.kill();
			assertFailing(application);
			this.server.restart();
			assertCountsAgain(application);
			assertThat(left(application)).isEqualTo(3 * PERMITS);
		}
	}

	@Test
	void aServerThatPausesItsClients() {
		try (Application application = application()) {
			this.commands.clientPause(OUTAGE.toMillis());
			assertFailing(application);
			assertCountsAgain(application);
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatIsBusy() {
		try (Application application = application()) {
			RedisFuture<?> sleep = debug("SLEEP", String.valueOf(OUTAGE.toSeconds()));
			assertFailing(application);
			assertCountsAgain(application);
			assertThat(sleep.isDone()).isTrue();
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatAcceptsAndDoesNotAnswer() {
		try (Application application = application()) {
			this.server.freeze();
			assertFailing(application);
			assertThat(application.failures()).contains("Redis did not answer within 50 ms");
			assertThat(application.kinds()).containsOnly(Kind.TIMEOUT, Kind.NOT_ASKED);
			this.server.thaw();
			assertCountsAgain(application);
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatHasNoMemoryLeft() {
		try (Application application = application()) {
			Limiter limiter = application.limiter(FailureMode.DENY);
			assertThat(limiter.tryAcquire("full", PERMITS).allowed()).isTrue();
			this.commands.configSet("maxmemory-policy", "noeviction");
			this.commands.configSet("maxmemory", "1");
			// a refusal needs no memory
			assertThat(limiter.tryAcquire("full").counted()).isTrue();
			assertFailing(application, FailureMode.LOCAL, FailureMode.ALLOW);
			assertThat(application.failures()).anyMatch((failure) -> failure.contains("OOM"));
			assertThat(application.kinds()).contains(Kind.FULL).isSubsetOf(Kind.FULL, Kind.TIMEOUT);
			assertThat(limiter.tryAcquire("full").counted()).as("a refusal, although others fail").isTrue();
			this.commands.configSet("maxmemory", "0");
			assertCountsAgain(application);
			// until then a look shows what counts in its place
			Wait.until("the end of the outage", () -> {
				limiter.tryAcquire("another");
				return left(application) == 3 * (PERMITS - USED);
			});
		}
	}

	@Test
	void aServerThatBecomesAReadOnlyReplica() {
		try (RedisServer master = RedisServer.start(); Application application = application()) {
			this.commands.replicaof("127.0.0.1", master.port());
			assertFailing(application);
			assertThat(application.failures()).anyMatch((failure) -> failure.contains("READONLY"));
			this.commands.replicaofNoOne();
			assertCountsAgain(application);
		}
	}

	@Test
	void aReplicaThatBecomesTheMaster() {
		try (RedisServer replica = RedisServer.start(); RedisClient replicaClient = RedisClient.create(replica.uri())) {
			RedisCommands<String, String> replicaCommands = replicaClient.connect().sync();
			replicaCommands.replicaof("127.0.0.1", this.server.port());
			Wait.until("a replica", () -> replicaCommands.info("replication").contains("master_link_status:up"));
			try (Application before = application(); Application after = new Application(replica, LIMIT)) {
				Wait.until("the copies", () -> replicaCommands.dbsize().equals(this.commands.dbsize()));
				this.server.kill();
				assertFailing(before);
				replicaCommands.replicaofNoOne();
				replicaCommands.scriptFlush();
				assertThat(replicaCommands.scriptExists(Script.DECIDE.digest())).containsExactly(false);
				for (FailureMode mode : MODES) {
					assertThat(after.limiter(mode).tryAcquire("key").remaining()).isEqualTo(PERMITS - USED - 1);
				}
				assertThat(after.failures()).isEmpty();
			}
		}
	}

	@Test
	void aServerThatLoadsItsData() {
		try (Application application = application()) {
			for (int i = 0; i < OUTAGE.toMillis() / 20; i++) {
				this.commands.set("data" + i, "x".repeat(2000));
			}
			this.commands.configSet("rdbcompression", "no");
			this.commands.configSet("loading-process-events-interval-bytes", "1024");
			this.commands.configSet("key-load-delay", "20000");
			RedisFuture<?> reload = debug("RELOAD");
			assertFailing(application);
			assertThat(application.failures()).anyMatch((failure) -> failure.contains("LOADING"));
			assertCountsAgain(application);
			assertThat(reload.isDone()).isTrue();
			assertLateChargesAreFew(application);
		}
	}

	@Test
	void aServerThatForgetsTheScript() {
		try (Application application = application()) {
			for (int i = 0; i < 5; i++) {
				this.commands.scriptFlush();
				assertThat(application.limiter(FailureMode.DENY).tryAcquire("another").remaining())
					.isEqualTo(PERMITS - 1 - i);
			}
			assertThat(application.failures()).isEmpty();
		}
	}

	private Application application() {
		Application application = new Application(this.server, LIMIT);
		application.awaitCounting(); // the first call may take longer than the timeout
		for (FailureMode mode : MODES) {
			assertThat(application.limiter(mode).tryAcquire("key", USED).remaining()).isEqualTo(PERMITS - USED);
		}
		return application;
	}

	private RedisFuture<String> debug(String... arguments) {
		CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
		for (String argument : arguments) {
			args.add(argument);
		}
		return this.connection.async().dispatch(CommandType.DEBUG, new StatusOutput<>(StringCodec.UTF8), args);
	}

}
