package io.ratelimit.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
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
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What only a cluster can do to the store.
 */
@Isolated
class RedisClusterTests {

	private static final Policy POLICY = Policy.of("api", Limit.valueOf("5/1h"));

	private static final Pattern MOVED = Pattern.compile("errorstat_MOVED:count=(\\d+)");

	private static RedisCluster cluster;

	private RedisClusterClient client;

	private RedisRateLimitStore store;

	private BoundPolicy limiter;

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
		this.store = RedisRateLimitStore.builder(this.client).timeout(Duration.ofSeconds(1)).build();
		this.limiter = Bound.in(this.store, POLICY);
	}

	@AfterEach
	void stop() {
		this.store.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

	@Test
	void everyNodeAnswersTheFirstCall() {
		for (String key : keysOfThreeNodes("first ")) {
			assertThat(this.limiter.peek(key).counted()).isTrue();
		}
	}

	@Test
	void aSlotThatHasMovedIsFollowedAtOnce() {
		String key = "moved";
		this.limiter.tryAcquire("another");
		RedisServer from = cluster.nodeOf(redisKey(key));
		RedisServer to = cluster.nodes().stream().filter((node) -> node != from).findFirst().orElseThrow();
		int slot = Nodes.slotOf(redisKey(key));
		RedisClient direct = RedisClient.create();
		try {
			RedisCommands<String, String> source = direct.connect(RedisURI.create(from.uri())).sync();
			RedisCommands<String, String> target = direct.connect(RedisURI.create(to.uri())).sync();
			target.clusterSetSlotImporting(slot, source.clusterMyId());
			source.clusterSetSlotMigrating(slot, target.clusterMyId());
			target.clusterSetSlotNode(slot, target.clusterMyId());
			source.clusterSetSlotNode(slot, target.clusterMyId());
		}
		finally {
			direct.shutdown(0, 1, TimeUnit.SECONDS);
		}
		assertThat(this.limiter.tryAcquire(key).remaining()).isEqualTo(4);
		assertThat(this.limiter.tryAcquire(key).remaining()).isEqualTo(3);
	}

	@Test
	void aBatchThatFailsOnOneNodeIsGivenBackOnTheOthers() {
		List<String> keys = keysOfThreeNodes("failed ");
		keys.forEach((key) -> assertThat(this.limiter.tryAcquire(key).remaining()).isEqualTo(4));
		RedisServer frozen = cluster.nodeOf(redisKey(keys.get(1)));
		frozen.freeze();
		try {
			List<BoundClaim> claims = keys.stream().map((key) -> Bound.claim(this.store, POLICY, key, 2)).toList();
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> this.store.tryAcquireAll(claims));
			for (String key : List.of(keys.get(0), keys.get(2))) {
				Wait.until("what was given back", () -> this.limiter.peek(key).remaining() == 4);
			}
		}
		finally {
			frozen.thaw();
		}
	}

	@Test
	void aBatchThatIsRefusedOnOneNodeTakesNothingOnTheOthers() {
		List<String> keys = keysOfThreeNodes("refused ");
		assertThat(this.limiter.tryAcquire(keys.get(0), 5).allowed()).isTrue();
		List<BoundClaim> claims = keys.stream().map((key) -> Bound.claim(this.store, POLICY, key, 2)).toList();
		assertThat(this.store.tryAcquireAll(claims)).extracting(Decision::allowed).containsExactly(false, true, true);
		assertThat(this.limiter.peek(keys.get(1)).remaining()).isEqualTo(5);
		assertThat(this.limiter.peek(keys.get(2)).remaining()).isEqualTo(5);
	}

	@Test
	void aNodeThatDoesNotAnswerDoesNotHoldUpTheOthers() {
		List<String> keys = keysOfThreeNodes("held up ");
		String lost = keys.get(0);
		String fine = keys.get(1);
		try (RedisRateLimitStore quick = RedisRateLimitStore.builder(this.client)
			.timeout(Duration.ofMillis(500))
			.build()) {
			BoundPolicy limiter = Bound.in(quick, POLICY);
			Wait.until("connections", () -> keys.stream().allMatch((key) -> answers(limiter, key)));
			RedisServer frozen = cluster.nodeOf(redisKey(lost));
			frozen.freeze();
			try {
				for (int i = 0; i < 5; i++) {
					assertThat(answers(limiter, lost)).isFalse();
					assertThat(answers(limiter, fine)).isTrue();
				}
				long begin = System.nanoTime();
				List<Kind> kinds = IntStream.range(0, 1000).mapToObj((i) -> failure(limiter, lost)).toList();
				long pauses = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) / 100;
				assertThat(kinds).filteredOn((kind) -> kind != Kind.NOT_ASKED)
					.hasSizeLessThanOrEqualTo((int) pauses + 1);
				assertThat(answers(limiter, fine)).isTrue();
			}
			finally {
				frozen.thaw();
			}
			Wait.until("an answer", () -> answers(limiter, lost));
		}
	}

	private static Kind failure(BoundPolicy limiter, String key) {
		return assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.peek(key))
			.actual()
			.kind();
	}

	private static boolean answers(BoundPolicy limiter, String key) {
		try {
			limiter.peek(key);
			return true;
		}
		catch (RateLimitStoreException ex) {
			return false;
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.1", " ", "{", "{a}", "a}b", "caf\u00e9" })
	void policiesOfOneKeyStandInOneSlot(String key) {
		assertThat(Nodes.slotOf("ratelimit:{" + key + "}login")).isEqualTo(Nodes.slotOf(redisKey(key)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "}", "}a" })
	void policiesOfAKeyThatIsNoHashTagAreSpread(String key) {
		assertThat(Nodes.slotOf("ratelimit:{" + key + "}login")).isNotEqualTo(Nodes.slotOf(redisKey(key)));
		List<BoundClaim> claims = Stream.of(POLICY, Policy.of("login", Limit.valueOf("3/1h")))
			.map((policy) -> Bound.claim(this.store, policy, key, 2))
			.toList();
		assertThat(this.store.tryAcquireAll(claims)).extracting(Decision::remaining).containsExactly(3L, 1L);
	}

	/**
	 * Also where those of the platform's charset are the same for several keys.
	 */
	@Test
	void keysGoToTheSlotOfTheirBytesInUtf8() {
		List<BoundClaim> claims = IntStream.range(28_550, 28_560)
			.boxed()
			.flatMap((i) -> Stream.of("\u00e9" + i, "\u00e8" + i))
			.map((key) -> Bound.claim(this.store, POLICY, key, 1))
			.toList();
		long before = sentOn();
		Map<String, Decision> granted = new HashMap<>();
		for (BoundClaim claim : claims) {
			Decision decision = this.limiter.tryAcquire(claim.key());
			assertThat(decision.remaining()).isEqualTo(4);
			granted.put(claim.key(), decision);
		}
		assertThat(this.store.tryAcquireAll(claims)).extracting(Decision::remaining).containsOnly(3L);
		for (BoundClaim claim : claims) {
			this.limiter.giveBack(claim.key(), 1, granted.get(claim.key())).toCompletableFuture().join();
			assertThat(this.limiter.peek(claim.key()).remaining()).isEqualTo(4);
			this.limiter.reset(claim.key());
			assertThat(this.limiter.peek(claim.key()).remaining()).isEqualTo(5);
		}
		assertThat(sentOn()).isEqualTo(before);
	}

	private static long sentOn() {
		return cluster.nodes()
			.stream()
			.map((node) -> MOVED.matcher(node.send("INFO errorstats")))
			.mapToLong((moved) -> moved.find() ? Long.parseLong(moved.group(1)) : 0)
			.sum();
	}

	/**
	 * Returns keys that the three nodes keep, one each.
	 */
	private static List<String> keysOfThreeNodes(String prefix) {
		return cluster.nodes()
			.stream()
			.map((node) -> Stream.iterate(0, (i) -> i + 1)
				.map((i) -> prefix + i)
				.filter((key) -> cluster.nodeOf(redisKey(key)) == node)
				.findFirst()
				.orElseThrow())
			.toList();
	}

	private static String redisKey(String key) {
		return RedisRateLimitStore.DEFAULT_KEY_PREFIX + '{' + key + '}' + POLICY.name();
	}

}
