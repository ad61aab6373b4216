package io.ratelimit.spring.request;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Stands in for values that let their owner in, such as session ids and API keys: what is
 * counted by them is counted by an HMAC (RFC 2104), which stores, logs and operators may
 * see. Safe for use by many threads.
 */
/*
 * Where an application has plans, a hash has to lead back to the value that it stands
 * for: the application knows its customers by that. Values are kept in two generations,
 * of which the older is dropped when the younger is full, so that each is known for at
 * least as many others as a generation holds.
 */
final class KeyHash {

	private static final String ALGORITHM = "HmacSHA256";

	private static final String PREFIX = "hmac:";

	private static final Pattern HASH = Pattern.compile("hmac:[A-Za-z0-9_-]{22}");

	private static final int BYTES = 16;

	private static final int GENERATION = 50_000;

	private final byte[] secret;

	private final boolean remembers;

	/** Made when the first value is hashed, as many applications hash none. */
	private volatile @Nullable Mac mac;

	private volatile Map<String, String> young = new ConcurrentHashMap<>();

	private volatile Map<String, String> old = Map.of();

	/**
	 * Creates a hash.
	 * @param secret the key of the HMAC, which is the same in all instances that count
	 * together
	 * @param remembers whether values can be had back for a while
	 */
	KeyHash(byte[] secret, boolean remembers) {
		this.secret = secret.clone();
		this.remembers = remembers;
	}

	/**
	 * Returns a key with the values in it that hashes stand for, as far as they are
	 * remembered.
	 * @param key the key as it is counted
	 * @return the key as the request had it
	 */
	String original(String key) {
		return !key.contains(PREFIX) ? key
				: HASH.matcher(key).replaceAll((hash) -> Matcher.quoteReplacement(value(hash.group())));
	}

	/**
	 * Returns what stands in for a value.
	 * @param value the value
	 * @return {@code hmac:} and 22 characters of Base64
	 */
	String of(String value) {
		return of(value, value);
	}

	/**
	 * Returns what stands in for a value that can be written in several ways.
	 * @param form the one form of it, which is hashed
	 * @param value the value as it was sent, which is remembered
	 * @return {@code hmac:} and 22 characters of Base64
	 */
	String of(String form, String value) {
		byte[] hash = copy().doFinal(form.getBytes(StandardCharsets.UTF_8));
		String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
		if (this.remembers && this.young.putIfAbsent(text, value) == null && this.young.size() > GENERATION) {
			this.old = this.young;
			this.young = new ConcurrentHashMap<>();
		}
		return text;
	}

	static boolean isHash(String key) {
		return key.startsWith(PREFIX);
	}

	private String value(String hash) {
		String value = this.young.get(hash);
		return (value != null) ? value : this.old.getOrDefault(hash, hash);
	}

	private Mac copy() {
		try {
			Mac mac = this.mac;
			if (mac == null) {
				mac = Mac.getInstance(ALGORITHM);
				mac.init(new SecretKeySpec(this.secret, ALGORITHM));
				this.mac = mac;
			}
			return (Mac) mac.clone();
		}
		catch (GeneralSecurityException | CloneNotSupportedException ex) {
			throw new IllegalStateException("every Java platform has " + ALGORITHM, ex);
		}
	}

}
