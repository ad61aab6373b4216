package io.ratelimit.spring.policy;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Which requests a policy guards and how, as written in configuration. Immutable.
 */
public final class Guard {

	private static final Guard NOTHING = new Guard(List.of(), List.of(), List.of(), "ip", MissingKey.IP, "1");

	private final List<String> paths;

	private final List<String> except;

	private final List<String> methods;

	private final String key;

	private final MissingKey missingKey;

	private final String cost;

	private Guard(List<String> paths, List<String> except, List<String> methods, String key, MissingKey missingKey,
			String cost) {
		this.paths = List.copyOf(Objects.requireNonNull(paths, "paths"));
		this.except = List.copyOf(Objects.requireNonNull(except, "except"));
		this.methods = List.copyOf(Objects.requireNonNull(methods, "methods"));
		this.key = Objects.requireNonNull(key, "key");
		this.missingKey = Objects.requireNonNull(missingKey, "missingKey");
		this.cost = Objects.requireNonNull(cost, "cost");
	}

	/**
	 * Returns a guard that counts each request once, by the address of its client.
	 * @param paths path patterns; none, if the policy is only named by annotations
	 * @return the guard
	 */
	public static Guard of(String... paths) {
		return NOTHING.withPaths(List.of(paths));
	}

	/**
	 * Returns a guard of other paths.
	 * @param paths path patterns
	 * @return the guard
	 */
	public Guard withPaths(List<String> paths) {
		return new Guard(paths, this.except, this.methods, this.key, this.missingKey, this.cost);
	}

	/**
	 * Returns a guard that exempts requests.
	 * @param except path patterns of the requests
	 * @return the guard
	 */
	public Guard withExcept(List<String> except) {
		return new Guard(this.paths, except, this.methods, this.key, this.missingKey, this.cost);
	}

	/**
	 * Returns a guard of some methods of HTTP.
	 * @param methods the methods; none means all, and GET means HEAD too
	 * @return the guard
	 */
	public Guard withMethods(List<String> methods) {
		return new Guard(this.paths, this.except, methods, this.key, this.missingKey, this.cost);
	}

	/**
	 * Returns a guard that counts by another key.
	 * @param key the key, as in {@code header:X-Api-Key | ip}
	 * @return the guard
	 */
	public Guard withKey(String key) {
		return new Guard(this.paths, this.except, this.methods, key, this.missingKey, this.cost);
	}

	/**
	 * Returns a guard that treats requests without its key in another way.
	 * @param missingKey what becomes of them
	 * @return the guard
	 */
	public Guard withMissingKey(MissingKey missingKey) {
		return new Guard(this.paths, this.except, this.methods, this.key, missingKey, this.cost);
	}

	/**
	 * Returns a guard whose requests take another number of permits.
	 * @param cost the permits a request, a number or an expression
	 * @return the guard
	 */
	public Guard withCost(String cost) {
		return new Guard(this.paths, this.except, this.methods, this.key, this.missingKey, cost);
	}

	/**
	 * Returns which paths it guards.
	 * @return path patterns; none, if the policy is only named by annotations
	 */
	public List<String> paths() {
		return this.paths;
	}

	/**
	 * Returns which paths are exempt.
	 * @return path patterns
	 */
	public List<String> except() {
		return this.except;
	}

	/**
	 * Returns which methods of HTTP it guards.
	 * @return the methods; none means all, and GET means HEAD too
	 */
	public List<String> methods() {
		return this.methods;
	}

	/**
	 * Returns what requests are counted by.
	 * @return the key
	 */
	public String key() {
		return this.key;
	}

	/**
	 * Returns what becomes of a request without that key.
	 * @return one of the three
	 */
	public MissingKey missingKey() {
		return this.missingKey;
	}

	/**
	 * Returns the permits a request.
	 * @return a number or an expression
	 */
	public String cost() {
		return this.cost;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Guard guard && this.paths.equals(guard.paths) && this.except.equals(guard.except)
				&& this.methods.equals(guard.methods) && this.key.equals(guard.key)
				&& this.missingKey == guard.missingKey && this.cost.equals(guard.cost);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.paths, this.except, this.methods, this.key, this.missingKey, this.cost);
	}

	@Override
	public String toString() {
		return "paths %s except %s, methods %s, key %s, cost %s".formatted(this.paths, this.except, this.methods,
				this.key, this.cost);
	}

	/**
	 * What becomes of a request that does not have its policy's key.
	 */
	public enum MissingKey {

		/**
		 * It is counted by the client's address. The default.
		 */
		IP,

		/**
		 * The policy does not apply to it.
		 */
		SKIP,

		/**
		 * It is refused.
		 */
		DENY

	}

}
