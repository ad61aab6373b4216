package io.ratelimit.redis;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.ratelimit.redis.Question.Line;
import io.ratelimit.redis.Question.Operation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A value that is read, and what must hold whatever it is. It is sent before others have
 * been answered.
 */
final class Trial {

	private final String key;

	private final EncodedPolicy policy;

	private final byte[] value;

	private final byte[] fine;

	private final Instant now;

	private final Operation operation;

	private final long amount;

	private final long permits;

	/**
	 * Creates a trial.
	 * @param key what the names of its keys begin with
	 * @param value the value
	 * @param fine a value that the script has written
	 * @param now the server's time
	 * @param operation what to do, with {@code amount} and {@code permits}
	 */
	Trial(String key, EncodedPolicy policy, byte[] value, byte[] fine, Instant now, Operation operation, long amount,
			long permits) {
		this.key = key;
		this.policy = policy;
		this.value = value;
		this.fine = fine;
		this.now = now;
		this.operation = operation;
		this.amount = amount;
		this.permits = permits;
	}

	/**
	 * Sends the commands.
	 * @return what checks the answers
	 */
	Runnable send(Sender sender) {
		sender.clock().set(this.now);
		List<Runnable> checks = List.of(alone(sender), together(sender), slidden(sender));
		return () -> {
			try {
				checks.forEach(Runnable::run);
			}
			catch (AssertionError ex) {
				throw new AssertionError("%s of %d, %d under %s at %s: %s".formatted(this.operation, this.permits,
						this.amount, this.policy.policy.limits(), this.now, HexFormat.of().formatHex(this.value)), ex);
			}
		};
	}

	/**
	 * The value counts, or no operation changes it. What is written counts.
	 */
	private Runnable alone(Sender sender) {
		String own = this.key;
		sender.set(own, this.value);
		Sent before = sender.ask(question(Operation.PEEK, own));
		Sent answer = sender.ask(question(this.operation, own));
		Sent stored = sender.get(own);
		Sent after = sender.ask(question(Operation.PEEK, own));
		return () -> {
			answer.check();
			if (answer.isCorrupt()) {
				assertThat(before.isCorrupt()).isTrue();
				assertThat(stored.bytes()).isEqualTo(this.value);
			}
			else if (this.operation != Operation.SLIDE) {
				assertThat(before.isCorrupt()).isFalse();
			}
			if (this.operation == Operation.PEEK) {
				assertThat(stored.bytes()).isEqualTo(this.value);
			}
			before.check();
			after.check();
			if (!before.isCorrupt() || this.operation != Operation.SLIDE) {
				assertThat(after.isCorrupt()).isEqualTo(before.isCorrupt());
			}
		};
	}

	/**
	 * All of a batch is taken, or nothing is.
	 */
	private Runnable together(Sender sender) {
		String own = this.key + "b";
		String other = this.key + "o";
		Operation operation = (this.operation == Operation.SLIDE) ? Operation.TAKE : this.operation;
		sender.set(own, this.value);
		sender.set(other, this.fine);
		Sent alone = sender.ask(question(Operation.PEEK, own));
		Sent answer = sender.ask(question(operation, other, own));
		Sent stored = sender.get(own);
		Sent storedOther = sender.get(other);
		return () -> {
			answer.check();
			assertThat(answer.isCorrupt()).isEqualTo(alone.isCorrupt());
			if (answer.isCorrupt() || operation == Operation.PEEK) {
				assertThat(stored.bytes()).isEqualTo(this.value);
				assertThat(storedOther.bytes()).isEqualTo(this.fine);
			}
		};
	}

	/**
	 * Claims on sliding windows that go together are decided each by itself, and a value
	 * that counts is counted as it is by a call for a single claim.
	 */
	private Runnable slidden(Sender sender) {
		if (!this.policy.slides) {
			return () -> {
			};
		}
		List<String> keys = Stream.of("f", "v", "g").map((name) -> this.key + name).toList();
		List<byte[]> values = List.of(this.fine, this.value, this.fine);
		for (int i = 0; i < keys.size(); i++) {
			sender.set(keys.get(i), values.get(i));
			sender.set(keys.get(i) + "alone", values.get(i));
		}
		Sent answer = sender.ask(question(Operation.SLIDE, keys.toArray(String[]::new)));
		List<Sent> stored = keys.stream().map(sender::get).toList();
		List<Sent> alone = keys.stream().map((key) -> sender.ask(question(Operation.TAKE, key + "alone"))).toList();
		List<Sent> storedAlone = keys.stream().map((key) -> sender.get(key + "alone")).toList();
		return () -> {
			answer.check();
			Answer answers = new Answer(answer.bytes());
			for (int i = 0; i < keys.size(); i++) {
				byte[] own = answers.nextBytes(this.policy.policy);
				if (own == null) {
					assertThat(stored.get(i).bytes()).isEqualTo(values.get(i));
				}
				else if (!alone.get(i).isCorrupt()) {
					assertThat(own).isEqualTo(alone.get(i).bytes());
					assertThat(stored.get(i).bytes()).isEqualTo(storedAlone.get(i).bytes());
				}
			}
		};
	}

	private Question question(Operation operation, String... keys) {
		return new Question(operation, this.amount,
				Arrays.stream(keys).map((key) -> Line.of(null, this.policy, key, this.permits)).toList());
	}

	/**
	 * Sends commands without waiting for answers.
	 *
	 * @param commands the commands
	 * @param script the script
	 * @param clock its clock
	 */
	record Sender(RedisAsyncCommands<String, byte[]> commands, Script script, ServerClock clock) {

		void set(String key, byte[] value) {
			RedisFuture<String> unused = this.commands.set(key, value);
		}

		Sent get(String key) {
			return new Sent(null, this.commands.get(key).toCompletableFuture());
		}

		Sent ask(Question question) {
			return new Sent(question,
					this.commands
						.<byte[]>evalsha(this.script.digest(), ScriptOutputType.VALUE, question.keys(),
								this.script.arguments().apply(question.arguments()))
						.toCompletableFuture());
		}

	}

}
