package io.ratelimit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/**
 * A script and the digest by which the server knows it once it has run.
 *
 * @param text the script
 * @param digest its SHA-1 in hexadecimal digits
 * @param arguments makes its arguments from those of a question: the same ones, except in
 * a test that brings a time of its own
 */
record Script(String text, String digest, UnaryOperator<byte[][]> arguments) {

	/** The script that decides. */
	static final Script DECIDE = of(resource("clock.lua") + resource("slide.lua") + resource("decide.lua"),
			UnaryOperator.identity());

	static Script of(String text, UnaryOperator<byte[][]> arguments) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
			return new Script(text, HexFormat.of().formatHex(digest), arguments);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String resource(String name) {
		try (InputStream stream = Script.class.getResourceAsStream(name)) {
			if (stream == null) {
				throw new IllegalStateException("%s is not on the class path".formatted(name));
			}
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
