package io.ratelimit.spring.observe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import org.springframework.util.function.SingletonSupplier;

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

	private static final int SALT_BYTES = 32;

	private final Supplier<byte[]> salt;

	/**
	 * Creates names.
	 * @param random makes the salt, once it is needed, which must not be guessed
	 */
	KeyNames(Supplier<RandomGenerator> random) {
		this.salt = SingletonSupplier.of(() -> {
			byte[] salt = new byte[SALT_BYTES];
			random.get().nextBytes(salt);
			return salt;
		});
	}

	/**
	 * Returns the name of a key: twelve hexadecimal digits.
	 */
	String of(String key) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(this.salt.get());
			return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java platform has SHA-256", ex);
		}
	}

}
