package io.ratelimit.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys do not touch each other, nor do policies, however they are named.
 */
abstract class KeyLaws extends Laws {

	private static final String LONG = "k".repeat(10_000);

	private static final List<String> POLICIES = List.of("a", "a.b", "a-b", "a_b", "A", "b", "a.b.c", "a.1", "1");

	private static final List<String> KEYS = List.of("", " ", "  ", "a", "A", "a ", " a", "a:b", "b:a", "a.b", "b",
			"b:c", "a.b:c", "a:b:c", ":", "::", ":a", "a:", "c", "b.c", "{a}", "{a}b", "{b}a", "{}", "a*", "*", "?",
			"[a]", "a\n", "a\r\n", "a\0", "\0", "a\0b", "null", "0", "-1", "1", "1:1", "11", "%61", "a%", "a/b", "/a",
			"\\a", "'a'", "\"a\"", "\u00e9", "e\u0301", "\u00c9", "e", "\u0130", "i", "I", "\u0131", "\ud83d\ude00",
			"\ud83d\ude01", "\u4e2d\u6587", "\u00ff", "\u0100", "192.0.2.1", "192.0.2.10", "192.0.2.1:0", "2001:db8::1",
			"2001:db8::10", LONG, LONG + "k", LONG + "l", "l" + LONG, LONG.replace('k', 'l'));

	/**
	 * {@return strings of one hash code, so that a store that confuses a hash with a key
	 * is found out}
	 */
	private static List<String> alike() {
		List<String> strings = List.of("Aa", "BB");
		for (int i = 0; i < 3; i++) {
			List<String> longer = new ArrayList<>();
			for (String string : strings) {
				longer.add(string + "Aa");
				longer.add(string + "BB");
			}
			strings = longer;
		}
		return strings;
	}

	@Test
	void noKeyOfAnyPolicyTouchesAnother() {
		List<String> keys = new ArrayList<>(KEYS);
		keys.addAll(alike());
		long number = 0;
		for (String policy : POLICIES) {
			BoundPolicy limiter = bind(Policy.of(policy, Limit.valueOf("10000/1m")));
			for (String key : keys) {
				assertThat(limiter.tryAcquire(key, ++number).allowed()).isTrue();
			}
		}
		number = 0;
		for (String policy : POLICIES) {
			BoundPolicy limiter = bind(Policy.of(policy, Limit.valueOf("10000/1m")));
			for (String key : keys) {
				assertThat(limiter.peek(key).remaining()).as("policy '%s', key '%s'", policy, key)
					.isEqualTo(10_000 - ++number);
			}
		}
	}

	@Test
	void anExhaustedKeyRefusesNobodyElse() {
		for (Limit limit : everyLimit().toList()) {
			reopenStore();
			BoundPolicy limiter = limiter(limit);
			BoundPolicy other = bind(Policy.of("other", limit));
			for (String key : KEYS) {
				assertThat(limiter.tryAcquire(key, limit.capacity()).allowed()).as("%s, key '%s'", limit, key).isTrue();
				assertThat(limiter.tryAcquire(key).allowed()).isFalse();
				assertThat(other.peek(key).remaining()).isEqualTo(limit.capacity());
			}
		}
	}

	@Test
	void aBatchKeepsKeysAndPoliciesApart() {
		List<BoundClaim> claims = new ArrayList<>();
		for (String policy : POLICIES) {
			for (String key : KEYS) {
				claims.add(claim(Policy.of(policy, Limit.valueOf("1/1m")), key, 1));
			}
		}
		assertThat(this.store.tryAcquireAll(claims)).hasSameSizeAs(claims).allMatch(Decision::allowed);
		assertThat(this.store.tryAcquireAll(claims)).noneMatch(Decision::allowed);
	}

	@Test
	void aPolicyThatIsBoundTwiceIsCountedOnce() {
		Policy policy = Policy.of("bound", Limit.valueOf("3/1m"), Limit.valueOf("100/1h"));
		BoundPolicy first = this.store.bind(policy);
		BoundPolicy second = this.store.bind(policy);
		assertThat(first.tryAcquire("key", 2).allowed()).isTrue();
		assertThat(second.tryAcquire("key", 2).allowed()).isFalse();
		second.close();
		assertThat(first.tryAcquire("key").allowed()).isTrue();
		assertThat(first.tryAcquire("key").allowed()).isFalse();
	}

	@Test
	void aResetOrWhatIsGivenBackConcernsOneKeyOfOnePolicy() {
		Limit limit = Limit.valueOf("2/1m");
		Map<String, Decision> granted = new HashMap<>();
		for (String policy : POLICIES) {
			for (String key : KEYS) {
				Decision decision = bind(Policy.of(policy, limit)).tryAcquire(key, 2);
				assertThat(decision.allowed()).isTrue();
				granted.put(policy + " " + key, decision);
			}
		}
		BoundPolicy limiter = bind(Policy.of("a", limit));
		limiter.reset("b");
		limiter.giveBack("b:c", 1, Objects.requireNonNull(granted.get("a b:c"))).toCompletableFuture().join();
		for (String policy : POLICIES) {
			for (String key : KEYS) {
				long expected = !policy.equals("a") ? 0 : switch (key) {
					case "b" -> 2;
					case "b:c" -> 1;
					default -> 0;
				};
				assertThat(bind(Policy.of(policy, limit)).peek(key).remaining())
					.as("policy '%s', key '%s'", policy, key)
					.isEqualTo(expected);
			}
		}
	}

	@Test
	void aResetOfAllKeysConcernsOnePolicy() {
		Limit limit = Limit.valueOf("2/1m");
		for (String policy : POLICIES) {
			for (String key : KEYS) {
				assertThat(bind(Policy.of(policy, limit)).tryAcquire(key, 2).allowed()).isTrue();
			}
		}
		bind(Policy.of("a", limit)).resetAll();
		for (String policy : POLICIES) {
			for (String key : KEYS) {
				assertThat(bind(Policy.of(policy, limit)).peek(key).remaining())
					.as("policy '%s', key '%s'", policy, key)
					.isEqualTo(policy.equals("a") ? 2 : 0);
			}
		}
	}

	@Test
	void thousandsOfKeysAreResetTogether() {
		BoundPolicy limiter = limiter(Limit.valueOf("1/1h"));
		for (int i = 0; i < 3000; i++) {
			limiter.tryAcquire("key-" + i);
		}
		limiter.resetAll();
		for (int i = 0; i < 3000; i++) {
			assertThat(limiter.peek("key-" + i).allowed()).as("key %d", i).isTrue();
		}
	}

	@Test
	void thousandsOfClaimsOnOtherKeysDoNotFreeAnExhaustedOne() {
		BoundPolicy limiter = limiter(Limit.valueOf("5/1m"));
		assertThat(limiter.tryAcquire("key", 5).allowed()).isTrue();
		for (int i = 0; i < 5000; i++) {
			limiter.tryAcquire("other-" + i % 500);
		}
		assertThat(limiter.tryAcquire("key").allowed()).isFalse();
	}

}
