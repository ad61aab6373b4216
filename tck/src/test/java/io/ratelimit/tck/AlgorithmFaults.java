package io.ratelimit.tck;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.RateLimitStore;
import io.ratelimit.SlidingWindow;
import io.ratelimit.TokenBucket;

/**
 * Stores that count wrongly.
 */
final class AlgorithmFaults {

	private AlgorithmFaults() {
	}

	static Stream<Fault> all() {
		return Stream.of(slidingWindows(), fixedWindows(), buckets()).flatMap((faults) -> faults);
	}

	private static Stream<Fault> slidingWindows() {
		return Stream.of(Fault.of("a fixed window poses as sliding",
				posing((limit) -> FixedWindow.of(limit.permits(), limit.window())),
				"neverGrantsMoreThanTheLimitInAnyWindow", "aBurstAtAnyPhaseOfTheWindowLeavesNothingForTheRestOfIt"),
				Fault.of("a token bucket poses as a sliding window",
						posing((limit) -> TokenBucket.of(limit.permits(), limit.window())),
						"neverGrantsMoreThanTheLimitInAnyWindow",
						"aBurstAtAnyPhaseOfTheWindowLeavesNothingForTheRestOfIt",
						"countsInWindowsOfLessStepsThanSegments"),
				Fault.of("two weighted counters pose as a sliding window", sliding(TwoCounters::new),
						"neverGrantsMoreThanTheLimitInAnyWindow"),
				Fault.of("sixty segments are kept instead of sixty-one", segments(60, 60),
						"neverGrantsMoreThanTheLimitInAnyWindow",
						"aBurstAtAnyPhaseOfTheWindowLeavesNothingForTheRestOfIt"),
				Fault.of("eight segments are too coarse", segments(8, 9),
						"grants98PercentOfTheLimitPerWindowWhenSaturated",
						"keepsAGrantNoLongerThanOneSegmentMoreThanTheLog"),
				Fault.of("small limits are counted in segments, too", segments(60, 61),
						"decidesLikeALogOfEveryGrantUpTo64Permits"),
				Fault.of("a grant leaves its window one step early", leaving(-1),
						"neverGrantsMoreThanTheLimitInAnyWindow", "decidesLikeALogOfEveryGrantUpTo64Permits",
						"aBurstAtAnyPhaseOfTheWindowLeavesNothingForTheRestOfIt"),
				Fault.of("a grant leaves its window one step late", leaving(1),
						"decidesLikeALogOfEveryGrantUpTo64Permits"));
	}

	private static Stream<Fault> fixedWindows() {
		return Stream.of(
				Fault.of("windows begin at the first use", fixedFrom((start) -> start.plusMillis(300)),
						"boundariesAreMultiplesOfTheWindowSinceTheEpoch", "decidesLikeACountSinceTheLastBoundary",
						"neverGrantsMoreThanTheLimitBetweenTwoBoundaries"),
				Fault.of("every calendar is that of UTC", counted(AlgorithmFaults::withoutCalendar),
						"calendarWindowsBeginAtLocalMidnight", "aDayOfDaylightSavingIsAsLongAsItsHours"));
	}

	private static Stream<Fault> buckets() {
		return Stream.of(
				Fault.of("the time to refill a permit is rounded down", counted(AlgorithmFaults::rounded),
						"decidesLikeABucketOfFractions", "fractionsOfAPermitAddUp"),
				Fault.of("a bucket holds twice its burst", counted(AlgorithmFaults::doubled),
						"neverGrantsMoreThanTheBurstAndWhatFlowsIn", "anUnusedKeyHasItsWholeLimit"),
				Fault.of("nobody has to wait for a slot", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Model model(Limit limit) {
						return (limit instanceof LeakyBucket) ? new Hasty(limit) : super.model(limit);
					}

				}, "permitsLeaveEvenlySpacedInTheOrderOfTheirClaims", "decidesLikeAQueueOfFractions",
						"theFirstLeavesAtOnceAndTheOthersQueueUp"),
				Fault.of("the longest wait is exceeded", counted(AlgorithmFaults::patient),
						"nothingWaitsLongerThanTheLongestWait"));
	}

	private static Function<FakeTicker, RateLimitStore> posing(UnaryOperator<Limit> other) {
		return counted((limit) -> (limit instanceof SlidingWindow && limit.permits() < Limit.MAX_PERMITS)
				? other.apply(limit) : limit);
	}

	/**
	 * Counts by another limit than that of the policy.
	 */
	private static Function<FakeTicker, RateLimitStore> counted(UnaryOperator<Limit> other) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			Model model(Limit limit) {
				return super.model(other.apply(limit));
			}

		};
	}

	private static Function<FakeTicker, RateLimitStore> sliding(Function<Limit, Model> model) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			Model model(Limit limit) {
				return (limit instanceof SlidingWindow) ? model.apply(limit) : super.model(limit);
			}

		};
	}

	private static Function<FakeTicker, RateLimitStore> segments(int segments, int kept) {
		return sliding((limit) -> {
			long segment = (limit.window().toNanos() + segments - 1) / segments;
			return new Expiring(limit, (moment) -> (moment / segment + kept) * segment);
		});
	}

	private static Function<FakeTicker, RateLimitStore> leaving(long late) {
		return sliding((limit) -> new Expiring(limit, (moment) -> moment + limit.window().toNanos() + late));
	}

	private static Function<FakeTicker, RateLimitStore> fixedFrom(UnaryOperator<Instant> start) {
		return (ticker) -> {
			Instant shifted = start.apply(ticker.instant());
			return new ReferenceStore(ticker) {

				@Override
				Model model(Limit limit) {
					return (limit instanceof FixedWindow) ? Model.of(limit, shifted, 1) : super.model(limit);
				}

			};
		};
	}

	private static Limit withoutCalendar(Limit limit) {
		return (limit instanceof FixedWindow) ? FixedWindow.of(limit.permits(), limit.window()) : limit;
	}

	private static Limit rounded(Limit limit) {
		Duration window = limit.window().dividedBy(limit.permits()).multipliedBy(limit.permits());
		return (limit instanceof TokenBucket) ? TokenBucket.of(limit.permits(), window, limit.capacity()) : limit;
	}

	private static Limit doubled(Limit limit) {
		return (limit instanceof TokenBucket) ? TokenBucket.of(limit.permits(), limit.window(), 2 * limit.capacity())
				: limit;
	}

	private static Limit patient(Limit limit) {
		return (limit instanceof LeakyBucket bucket)
				? LeakyBucket.of(limit.permits(), limit.window(), bucket.maxWait().plus(limit.window())) : limit;
	}

	/**
	 * A leaky bucket that tells nobody to wait.
	 */
	private static final class Hasty extends Model {

		private final Model model;

		private Hasty(Limit limit) {
			super(limit, 1);
			this.model = new ArrivalModel(limit, 1);
		}

		@Override
		long remaining(long now) {
			return this.model.remaining(now);
		}

		@Override
		void take(long permits, long now) {
			this.model.take(permits, now);
		}

		@Override
		long wait(long permits, long now) {
			return this.model.wait(permits, now);
		}

	}

	/**
	 * The count of this window, and that of the one before by as much of it as is left.
	 */
	private static final class TwoCounters extends Model {

		private final Map<Long, Long> counts = new HashMap<>();

		private final long window;

		private TwoCounters(Limit limit) {
			super(limit, 1);
			this.window = limit.window().toNanos();
		}

		@Override
		long remaining(long now) {
			long index = now / this.window;
			double left = 1 - (double) (now % this.window) / this.window;
			double used = this.counts.getOrDefault(index - 1, 0L) * left + this.counts.getOrDefault(index, 0L);
			return Math.max(0, this.limit.permits() - (long) used);
		}

		@Override
		void take(long permits, long now) {
			this.counts.merge(now / this.window, permits, Long::sum);
		}

		@Override
		long wait(long permits, long now) {
			return (permits <= remaining(now)) ? 0 : this.window - now % this.window;
		}

	}

	/**
	 * A log whose grants count until a moment of their own.
	 */
	private static final class Expiring extends Model {

		private final List<Grant> grants = new ArrayList<>();

		private final LongUnaryOperator until;

		private Expiring(Limit limit, LongUnaryOperator until) {
			super(limit, 1);
			this.until = until;
		}

		@Override
		long remaining(long now) {
			return Math.max(0, this.limit.permits() - counted(now).mapToLong(Grant::permits).sum());
		}

		@Override
		void take(long permits, long now) {
			this.grants.add(new Grant(now, permits));
		}

		@Override
		long wait(long permits, long now) {
			long free = remaining(now);
			long wait = 0;
			for (Grant grant : counted(now).sorted(Comparator.comparingLong(Grant::moment)).toList()) {
				if (free >= permits) {
					break;
				}
				free += grant.permits();
				wait = this.until.applyAsLong(grant.moment()) - now;
			}
			return wait;
		}

		private Stream<Grant> counted(long now) {
			return this.grants.stream().filter((grant) -> this.until.applyAsLong(grant.moment()) > now);
		}

	}

}
