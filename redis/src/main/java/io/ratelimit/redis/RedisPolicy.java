package io.ratelimit.redis;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.redis.Question.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One policy of a {@link RedisRateLimitStore}.
 */
/*
 * The client's key is the hash tag: what one client uses of several policies stands in
 * one slot of a cluster. A policy's name has no brace in it, so that no two pairs of a
 * key and a policy make the same name.
 */
final class RedisPolicy implements BoundPolicy {

	private final Server server;

	private final String keyPrefix;

	private final LongSupplier nanoTime;

	private final Refusals refusals;

	private final Leases leases;

	private volatile EncodedPolicy encoded;

	RedisPolicy(Server server, String keyPrefix, long lease, LongSupplier nanoTime, EncodedPolicy encoded) {
		this.server = server;
		this.nanoTime = nanoTime;
		this.refusals = new Refusals(nanoTime);
		this.leases = new Leases(lease, nanoTime);
		this.keyPrefix = keyPrefix + '{';
		this.encoded = encoded;
	}

	@Override
	public Policy policy() {
		return this.encoded.policy;
	}

	@Override
	public Decision tryAcquire(String key, long permits) {
		Claim.requirePositive(permits);
		Decision known = known(key, permits);
		return (known != null) ? known : this.server.await(take(key, permits));
	}

	@Override
	public CompletionStage<Decision> tryAcquireAsync(String key, long permits) {
		Claim.requirePositive(permits);
		Decision known = known(key, permits);
		return (known != null) ? CompletableFuture.completedStage(known) : this.server.inTime(take(key, permits));
	}

	@Override
	public Decision peek(String key) {
		return this.server.await(look(key));
	}

	@Override
	public CompletionStage<Decision> peekAsync(String key) {
		return this.server.inTime(look(key));
	}

	@Override
	public void reset(String key) {
		this.server.await(this.server.ask(Question.reset(line(key, 1))));
		forget(key);
	}

	/**
	 * Resets every key that the server keeps of this policy. The server is looked through
	 * as a whole, since there is no list of them.
	 */
	@Override
	public void resetAll() {
		this.server.forEachKey(KeyCodec.pattern(this.keyPrefix) + "*}" + policy().name(),
				(key) -> Question.reset(Question.Line.of(this, this.encoded, key, 1)));
		this.refusals.forgetAll();
		this.leases.forgetAll();
	}

	@Override
	public CompletionStage<?> giveBack(String key, long permits, Decision granted) {
		Claim.requirePositive(permits);
		EncodedPolicy policy = this.encoded;
		BitSet counted = policy.countedSince(granted);
		if (counted.isEmpty()) {
			return CompletableFuture.completedStage(null);
		}
		Question.Line line = new Question.Line(this, policy, redisKey(key), permits, counted);
		return this.server
			.inTime(this.server.giveBack(List.of(line), granted.moment()).thenRun(() -> this.refusals.forget(key)));
	}

	@Override
	public void replace(Policy policy) {
		this.encoded = this.encoded.replacedBy(policy, this.nanoTime.getAsLong());
	}

	/**
	 * Returns what the server has said lately of a claim of a batch that was refused.
	 * @return the decision as of now, or {@code null} if the server has to be asked
	 */
	@Nullable Decision recall(Question.Line line) {
		return this.refusals.findAny(key(line), line.permits(), line.policy());
	}

	/**
	 * Remembers what the server said of a claim of a batch.
	 * @param charged whether every claim of it was granted
	 */
	void remember(Question.Line line, Decision decision, boolean charged, long asked) {
		remember(key(line), line, decision, charged, asked);
	}

	Question.Line line(String key, long permits) {
		return Question.Line.of(this, this.encoded, redisKey(key), permits);
	}

	/**
	 * Encodes a policy with windows of the calendar around another moment, and keeps it
	 * unless it was replaced.
	 */
	EncodedPolicy around(EncodedPolicy former, long micros) {
		EncodedPolicy around = former.around(micros);
		if (this.encoded == former) {
			this.encoded = around;
		}
		return around;
	}

	/**
	 * Decides without the server, where that can be.
	 */
	private @Nullable Decision known(String key, long permits) {
		EncodedPolicy policy = this.encoded;
		Decision leased = this.leases.spend(key, permits, policy);
		return (leased != null) ? leased : this.refusals.find(key, permits, policy);
	}

	private CompletableFuture<Decision> look(String key) {
		long asked = this.nanoTime.getAsLong();
		Question.Line line = line(key, 1);
		return this.server.ask(Question.of(Operation.PEEK, line))
			.thenApply((numbers) -> new Answer(numbers).next(line.policy().policy, asked));
	}

	private CompletableFuture<Decision> take(String key, long permits) {
		long asked = this.nanoTime.getAsLong();
		Question.Line line = line(key, permits);
		boolean leases = this.leases.apply(line.policy().policy);
		long ahead = leases ? this.leases.ahead(key, line.policy()) : 0;
		return (ahead > 0) ? takeMore(key, line, ahead, asked) : take(key, line, leases, asked);
	}

	private CompletableFuture<Decision> take(String key, Question.Line line, boolean leases, long asked) {
		EncodedPolicy policy = line.policy();
		CompletableFuture<byte[]> answer = policy.slides ? this.server.slide(line)
				: this.server.ask(Question.of(Operation.TAKE, line));
		return answer.thenApply((numbers) -> {
			Decision decision = new Answer(numbers).next(policy.policy, asked);
			remember(key, line, decision, decision.allowed(), asked);
			return (leases && decision.allowed()) ? this.leases.add(key, policy, decision, 0, 0, asked) : decision;
		});
	}

	private CompletableFuture<Decision> takeMore(String key, Question.Line line, long ahead, long asked) {
		EncodedPolicy policy = line.policy();
		return this.server.ask(new Question(Operation.LEASE, ahead, List.of(line))).whenComplete((numbers, failure) -> {
			if (failure != null) {
				this.leases.forget(key);
			}
		}).thenApply((numbers) -> {
			Answer answer = new Answer(numbers);
			Decision decision = answer.next(policy.policy, asked);
			remember(key, line, decision, decision.allowed(), asked);
			return decision.allowed()
					? this.leases.add(key, policy, decision, answer.ahead(), answer.leaseNanos(), asked) : decision;
		});
	}

	private void remember(String key, Question.Line line, Decision decision, boolean charged, long asked) {
		if (charged) {
			this.refusals.charged(key, line.policy(), decision, asked);
		}
		else {
			this.refusals.add(key, line.permits(), line.policy(), decision, asked);
		}
	}

	private void forget(String key) {
		this.refusals.forget(key);
		this.leases.forget(key);
	}

	private String redisKey(String key) {
		return this.keyPrefix + key + '}' + policy().name();
	}

	private String key(Question.Line line) {
		return line.key().substring(this.keyPrefix.length(), line.key().length() - 1 - policy().name().length());
	}

}
