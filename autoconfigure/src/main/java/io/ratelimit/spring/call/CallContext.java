package io.ratelimit.spring.call;

import java.util.List;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a call: an HTTP request, mostly. Safe for use by many threads.
 */
public interface CallContext {

	/**
	 * Works out, once, where a key comes from that is no expression over the method's
	 * parameters.
	 * @param policy name of the policy, which may be unknown here
	 * @param key the key as written in the annotation; {@code null} if the policy's own
	 * key counts
	 * @return source of the key of a call, asked on the calling thread; it returns
	 * {@code null} if the call is not to be limited
	 * @throws IllegalArgumentException if there can be no such key; the message says why
	 */
	Supplier<@Nullable String> key(String policy, @Nullable String key);

	/**
	 * Works out, once, the key of calls whose own expression yields nothing.
	 * @param policy name of the policy
	 * @return source of the key of a call, as for {@link #key}
	 */
	default Supplier<@Nullable String> keyWhenMissing(String policy) {
		return key(policy, null);
	}

	/**
	 * Returns what surrounds the call that the calling thread is about to make.
	 * @return the surroundings, for use on any thread
	 */
	default Surroundings surroundings() {
		return Surroundings.NONE;
	}

	/**
	 * Returns whether the calling thread of a delayed call may wait for its turn at all.
	 * @return whether a method that blocks can have a policy that delays
	 */
	default boolean threadsMayWait() {
		return true;
	}

	/**
	 * Begins the wait of the calling thread for the turn of a delayed call.
	 * @return run at the end of the wait; {@code null} if no thread more may wait
	 */
	default @Nullable Runnable beginWait() {
		return () -> {
		};
	}

	/**
	 * Returns work that runs on another thread as on this one, as far as what surrounds
	 * the call is known by the thread.
	 * @param <T> what it returns
	 * @param work the work
	 * @return the work, carried along
	 */
	default <T> Supplier<T> carried(Supplier<T> work) {
		return work;
	}

	/**
	 * What surrounds one call: an HTTP request, mostly, for which permits have been taken
	 * that the call must not take once more. Safe for use by many threads.
	 */
	interface Surroundings {

		/** There is no request. */
		Surroundings NONE = new Surroundings() {

			@Override
			public long use(String policy, String key, long permits) {
				return 0;
			}

			@Override
			public void unuse(String policy, String key, long permits) {
			}

			@Override
			public void decided(List<Decision> decisions) {
			}

		};

		/**
		 * Uses permits that no other call has used.
		 * @param policy name of the policy
		 * @param key the key that is counted
		 * @param permits how many the call takes
		 * @return how many of them are paid for
		 */
		long use(String policy, String key, long permits);

		/**
		 * Makes permits available again after a call was refused.
		 * @param policy name of the policy
		 * @param key the key that is counted
		 * @param permits how many the call has used
		 */
		void unuse(String policy, String key, long permits);

		/**
		 * Called with the decisions of a call that took permits or was refused.
		 * @param decisions the decisions
		 */
		void decided(List<Decision> decisions);

	}

}
