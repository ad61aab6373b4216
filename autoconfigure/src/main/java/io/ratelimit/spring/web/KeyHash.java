package io.ratelimit.spring.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stands in for values that let their owner in, such as session ids and API keys: what is
 * counted by them is counted by an HMAC (RFC 2104), which stores, logs and operators may
 * see. Safe for use by many threads.
 */
public final class KeyHash {

	private static final String ALGORITHM = "HmacSHA256";

	private static final String PREFIX = "hmac:";

	private static final int BYTES = 16;

	private final Mac mac;

	/**
	 * Creates a hash.
	 * @param secret the key of the HMAC, which is the same in all instances that count
	 * together
	 */
	public KeyHash(byte[] secret) {
		try {
			this.mac = Mac.getInstance(ALGORITHM);
			this.mac.init(new SecretKeySpec(secret, ALGORITHM));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("every Java platform has " + ALGORITHM, ex);
		}
	}

	/**
	 * Returns what stands in for a value.
	 * @param value the value
	 * @return {@code hmac:} and 22 characters of Base64
	 */
	String of(String value) {
		try {
			Mac mac = (Mac) this.mac.clone();
			byte[] hash = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
			byte[] shortened = new byte[BYTES];
			System.arraycopy(hash, 0, shortened, 0, BYTES);
			return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(shortened);
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static boolean isHash(String key) {
		return key.startsWith(PREFIX);
	}

}
