package io.ratelimit.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;

/**
 * Writes keys in UTF-8, and values as they are. Keys that differ have different bytes:
 * half of a surrogate pair, for which UTF-8 has no bytes, is written as WTF-8 does
 * (Sapin, <a href="https://simonsapin.github.io/wtf-8/">The WTF-8 encoding</a>).
 */
final class KeyCodec implements RedisCodec<String, byte[]> {

	static final KeyCodec INSTANCE = new KeyCodec();

	/** Stands for bytes that are not UTF-8. */
	private static final char REPLACEMENT = '\uFFFD';

	private KeyCodec() {
	}

	/**
	 * Returns the bytes of a key as they are sent.
	 */
	static byte[] bytes(String key) {
		return isWellFormed(key) ? key.getBytes(StandardCharsets.UTF_8) : bytesOfMalformed(key);
	}

	/**
	 * Returns the pattern that matches a text and nothing else.
	 */
	static String pattern(String text) {
		return text.replaceAll("[\\\\*?\\[\\]]", "\\\\$0");
	}

	@Override
	public ByteBuffer encodeKey(String key) {
		return ByteBuffer.wrap(bytes(key));
	}

	@Override
	public ByteBuffer encodeValue(byte[] value) {
		return ByteArrayCodec.INSTANCE.encodeValue(value);
	}

	@Override
	public String decodeKey(ByteBuffer bytes) {
		byte[] copy = new byte[bytes.remaining()];
		bytes.get(copy);
		String text = new String(copy, StandardCharsets.UTF_8);
		return (text.indexOf(REPLACEMENT) < 0) ? text : keyOf(copy);
	}

	@Override
	public byte[] decodeValue(ByteBuffer bytes) {
		return ByteArrayCodec.INSTANCE.decodeValue(bytes);
	}

	private static boolean isWellFormed(String key) {
		for (int i = 0; i < key.length(); i++) {
			if (Character.isSurrogate(key.charAt(i))) {
				if (Character.charCount(key.codePointAt(i)) == 1) {
					return false;
				}
				i++;
			}
		}
		return true;
	}

	/**
	 * Returns the key of bytes that may be WTF-8: halves of surrogate pairs are decoded,
	 * each by itself, and all else as UTF-8.
	 */
	private static String keyOf(byte[] bytes) {
		StringBuilder key = new StringBuilder(bytes.length);
		int begin = 0;
		for (int i = 0; i + 2 < bytes.length; i++) {
			if (bytes[i] == (byte) 0xED && (bytes[i + 1] & 0xE0) == 0xA0 && (bytes[i + 2] & 0xC0) == 0x80) {
				key.append(new String(bytes, begin, i - begin, StandardCharsets.UTF_8));
				key.append((char) (0xD000 | (bytes[i + 1] & 0x3F) << 6 | (bytes[i + 2] & 0x3F)));
				i += 2;
				begin = i + 1;
			}
		}
		return key.append(new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8)).toString();
	}

	private static byte[] bytesOfMalformed(String key) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		key.codePoints().forEach((point) -> {
			if (Character.isBmpCodePoint(point) && Character.isSurrogate((char) point)) {
				bytes.write(0xE0 | point >> 12);
				bytes.write(0x80 | (point >> 6 & 0x3F));
				bytes.write(0x80 | (point & 0x3F));
			}
			else {
				bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
			}
		});
		return bytes.toByteArray();
	}

}
