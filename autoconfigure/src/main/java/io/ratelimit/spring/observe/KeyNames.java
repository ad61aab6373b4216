package io.ratelimit.spring.observe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Names that stand for keys where keys are not to be read. A key has the same name as
 * long as the process runs.
 */
/*
 * A bare hash would hide nothing: there are so few addresses that all of them are hashed
 * within minutes, and nearly as few user names. So a key is hashed behind a salt that
 * never leaves the process. The price is another name in each instance.
 */
final class KeyNames {

	private static final int BYTES = 6;

	private final byte[] salt = new byte[32];

	/**
	 * Creates names.
	 * @param random makes the salt, which must not be guessed
	 */
	KeyNames(RandomGenerator random) {
		random.nextBytes(this.salt);
	}

	/**
	 * Returns the name of a key: twelve hexadecimal digits.
	 */
	String of(String key) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(this.salt);
			return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java platform has SHA-256", ex);
		}
	}

}
