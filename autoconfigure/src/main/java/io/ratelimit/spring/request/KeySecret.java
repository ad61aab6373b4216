package io.ratelimit.spring.request;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

/**
 * The secret that keys are hashed by. Counts of this process need no secret that others
 * know; those in a shared store do, or go without.
 */
final class KeySecret {

	private static final int SHORTEST = 16;

	private static final int RANDOM_BYTES = 32;

	private static final byte[] NONE = "ratelimit".getBytes(StandardCharsets.UTF_8);

	private KeySecret() {
	}

	/**
	 * Returns the secret.
	 * @param configured the secret as it is configured, if it is
	 * @param inProcess whether permits are counted in this process only
	 * @throws InvalidRateLimitException if the configured secret can be guessed
	 */
	static byte[] of(@Nullable String configured, boolean inProcess) {
		if (configured != null && configured.length() < SHORTEST) {
			throw new InvalidRateLimitException("ratelimit.key-secret",
					"a secret of %s characters can be guessed".formatted(configured.length()),
					"Use at least %s characters, made at random.".formatted(SHORTEST));
		}
		if (configured != null) {
			return configured.getBytes(StandardCharsets.UTF_8);
		}
		if (!inProcess) {
			return NONE;
		}
		byte[] random = new byte[RANDOM_BYTES];
		new SecureRandom().nextBytes(random);
		return random;
	}

}
