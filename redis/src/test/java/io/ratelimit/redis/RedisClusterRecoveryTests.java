package io.ratelimit.redis;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster whose nodes fail for a while: with no other traffic than the same requests
 * these are counted again, and what is wrong in one place is wrong there only.
 */
@Isolated
class RedisClusterRecoveryTests {

	private static final Policy ONE = Policy.of("one", Limit.valueOf("1000000/1h"));

	private static final Policy OTHER = Policy.of("other", Limit.valueOf("1000000/1h"));

	private static RedisCluster cluster;

	private RedisClusterClient client;

	private RedisRateLimitStore store;

	/** For what is not about time. */
	private RedisRateLimitStore patient;

	@BeforeAll
	static void startCluster() {
		cluster = RedisCluster.start();
	}

	@AfterAll
	static void stopCluster() {
		cluster.close();
	}

	@BeforeEach
	void start() {
		this.client = RedisClusterClient.create(cluster.uris());
		this.store = RedisRateLimitStore.builder(this.client).build();
		this.patient = RedisRateLimitStore.builder(this.client).timeout(OpenServer.PATIENT).build();
		Bound.in(this.store, ONE);
		Bound.in(this.store, OTHER);
	}

	@AfterEach
	void stop() {
		this.store.close();
		this.patient.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@EnumSource
	void requestsAreCountedAgainAfterAStall(Request request) {
		List<BoundClaim> claims = request.claims(this.store);
		Wait.until("an answer", () -> isCounted(request, claims));
		cluster.nodes().forEach(RedisServer::freeze);
		try {
			Wait.until("a pause", () -> failure(request, claims) == Kind.NOT_ASKED);
		}
		finally {
			cluster.nodes().forEach(RedisServer::thaw);
		}
		Wait.until("an answer", () -> isCounted(request, claims));
	}

	/**
	 * What was sent of it would be charged, and could not be used.
	 */
	@Test
	void aBatchIsNotSentInPart() {
		List<BoundClaim> claims = Request.TWO_SLOTS.claims(this.store);
		Wait.until("an answer", () -> isCounted(Request.TWO_SLOTS, claims));
		RedisServer fine = cluster.nodeOf(redisKey(claims.get(0)));
		RedisServer frozen = cluster.nodeOf(redisKey(claims.get(1)));
		assertThat(fine).isNotSameAs(frozen);
		BoundPolicy limiter = Bound.in(this.store, ONE);
		frozen.freeze();
		try {
			Wait.until("a pause", () -> failure(Request.TWO_SLOTS, claims) == Kind.NOT_ASKED);
			fine.send("CONFIG RESETSTAT");
			int notAsked = 0;
			while (notAsked < 100) {
				notAsked += (failure(Request.TWO_SLOTS, claims) == Kind.NOT_ASKED) ? 1 : 0;
			}
			assertThat(fine.send("INFO commandstats").lines().filter((line) -> line.startsWith("cmdstat_evalsha:")))
				.as("a call that takes, and one that gives back, for each try after a pause")
				.allSatisfy((line) -> assertThat(Integer.parseInt(line.replaceAll(".*calls=(\\d+),.*", "$1")))
					.isLessThanOrEqualTo(20));
			assertThat(limiter.tryAcquire(claims.get(0).key()).counted()).isTrue();
		}
		finally {
			frozen.thaw();
		}
	}

	@Test
	void keysOfASlotThatMovesAreAskedForOneByOne() {
		Policy few = Policy.of("few", Limit.valueOf("2/1h"));
		String key = "moves " + System.nanoTime();
		List<BoundClaim> claims = List.of(Bound.claim(this.patient, ONE, key, 1),
				Bound.claim(this.patient, few, key, 1));
		assertThat(this.patient.tryAcquireAll(claims)).allMatch(Decision::allowed);
		RedisServer from = cluster.nodeOf(redisKey(claims.get(0)));
		RedisServer to = cluster.nodes().stream().filter((node) -> node != from).findFirst().orElseThrow();
		int slot = Nodes.slotOf(redisKey(claims.get(0)));
		RedisClient direct = RedisClient.create();
		try {
			RedisCommands<String, String> source = direct.connect(RedisURI.create(from.uri())).sync();
			RedisCommands<String, String> target = direct.connect(RedisURI.create(to.uri())).sync();
			target.clusterSetSlotImporting(slot, source.clusterMyId());
			source.clusterSetSlotMigrating(slot, target.clusterMyId());
			source.migrate("127.0.0.1", to.port(), 0, 1000, MigrateArgs.Builder.key(redisKey(claims.get(0))));
			assertThat(this.patient.tryAcquireAll(claims)).allMatch(Decision::allowed);
			assertThat(this.patient.tryAcquireAll(claims)).extracting(Decision::allowed).containsExactly(true, false);
			assertThat(Bound.in(this.patient, ONE).peek(key).remaining()).as("what was taken in vain is given back")
				.isEqualTo(999_998);
			source.migrate("127.0.0.1", to.port(), 0, 1000, MigrateArgs.Builder.key(redisKey(claims.get(1))));
			target.clusterSetSlotNode(slot, target.clusterMyId());
			source.clusterSetSlotNode(slot, target.clusterMyId());
		}
		finally {
			direct.shutdown(0, 1, TimeUnit.SECONDS);
		}
		assertThat(Bound.in(this.patient, few).peek(key).remaining()).isZero();
	}

	private boolean isCounted(Request request, List<BoundClaim> claims) {
		return failure(request, claims) == null;
	}

	private Kind failure(Request request, List<BoundClaim> claims) {
		try {
			if (request.name().toLowerCase(Locale.ROOT).endsWith("async")) {
				this.store.tryAcquireAllAsync(claims).toCompletableFuture().join();
			}
			else {
				this.store.tryAcquireAll(claims);
			}
			return null;
		}
		catch (CompletionException ex) {
			return ((RateLimitStoreException) ex.getCause()).kind();
		}
		catch (RateLimitStoreException ex) {
			return ex.kind();
		}
	}

	private static String redisKey(BoundClaim claim) {
		return RedisRateLimitStore.DEFAULT_KEY_PREFIX + '{' + claim.key() + '}' + claim.policy().policy().name();
	}

	/**
	 * The same kind of request, again and again.
	 */
	enum Request {

		ONE_CLAIM, ONE_SLOT, TWO_SLOTS, ONE_CLAIM_ASYNC, ONE_SLOT_ASYNC, TWO_SLOTS_ASYNC;

		List<BoundClaim> claims(RateLimitStore store) {
			BoundClaim claim = Bound.claim(store, ONE, "192.0.2.1", 1);
			if (name().startsWith("ONE_CLAIM")) {
				return List.of(claim);
			}
			return List.of(claim, name().startsWith("ONE_SLOT") ? Bound.claim(store, OTHER, claim.key(), 1)
					: elsewhere(store, claim));
		}

		private static BoundClaim elsewhere(RateLimitStore store, BoundClaim claim) {
			return Stream.iterate(0, (i) -> i + 1)
				.map((i) -> Bound.claim(store, OTHER, "key" + i, 1))
				.filter((other) -> cluster.nodeOf(redisKey(other)) != cluster.nodeOf(redisKey(claim)))
				.findFirst()
				.orElseThrow();
		}

	}

}
