package io.ratelimit.spring.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SpaceSavingTests {

	private static final int CAPACITY = 20;

	private final SpaceSaving sketch = new SpaceSaving(CAPACITY);

	private final Map<String, Long> truth = new HashMap<>();

	@Test
	void asLongAsThereIsRoomEveryCountIsExact() {
		for (int i = 0; i < CAPACITY - 1; i++) {
			add("key" + i, i + 1);
		}
		this.truth.forEach((key, count) -> {
			assertThat(this.sketch.count(key)).isEqualTo(count);
			assertThat(this.sketch.error(key)).isZero();
		});
		assertThat(this.sketch.count("another")).isZero();
	}

	@Test
	void aNewKeyTakesThePlaceOfTheOneThatIsCountedLeast() {
		for (int i = 0; i < CAPACITY; i++) {
			add("key" + i, i + 5);
		}
		add("new", 1);
		assertThat(this.sketch.keys()).hasSize(CAPACITY).contains("new").doesNotContain("key0");
		assertThat(this.sketch.count("new")).isEqualTo(6);
		assertThat(this.sketch.error("new")).isEqualTo(5);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 8, 13, 21, 34, 55, 89 })
	void noCountIsTooLowOrTooHighByMoreThanItsError(long seed) {
		traffic(seed);
		this.truth.forEach((key, count) -> {
			assertThat(this.sketch.count(key)).isGreaterThanOrEqualTo(count);
			assertThat(this.sketch.count(key) - this.sketch.error(key)).isLessThanOrEqualTo(count);
		});
		assertThat(this.sketch.total()).isEqualTo(this.truth.values().stream().mapToLong(Long::longValue).sum());
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 8, 13, 21, 34, 55, 89 })
	void whoeverHasMoreThanAFairShareIsInIt(long seed) {
		traffic(seed);
		this.truth.forEach((key, count) -> {
			if (count > this.sketch.total() / CAPACITY) {
				assertThat(this.sketch.keys()).contains(key);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 8, 13, 21, 34, 55, 89 })
	void noErrorIsLargerThanAFairShare(long seed) {
		traffic(seed);
		assertThat(this.sketch.keys()).allMatch((key) -> this.sketch.error(key) <= this.sketch.total() / CAPACITY);
	}

	@Test
	void aLongKeyIsCountedByWhatItBeginsWith() {
		add("x".repeat(10_000), 3);
		assertThat(this.sketch.keys()).containsExactly("x".repeat(SpaceSaving.LONGEST_KEY));
	}

	/**
	 * A few keys that come often, many that come once, and keys that begin late.
	 */
	private void traffic(long seed) {
		SplittableRandom random = new SplittableRandom(seed);
		int frequent = random.nextInt(1, 40);
		for (int i = 0; i < 20_000; i++) {
			int late = (i > 15_000) ? 100 : 0;
			add((random.nextInt(3) == 0) ? "once" + i
					: "often" + (late + (int) Math.pow(random.nextDouble() * Math.sqrt(frequent), 2)), 1);
		}
	}

	private void add(String key, int times) {
		for (int i = 0; i < times; i++) {
			this.sketch.add(key);
		}
		this.truth.merge(key, (long) times, Long::sum);
	}

}
