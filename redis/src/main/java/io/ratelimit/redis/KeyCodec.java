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

	private KeyCodec() {
	}

	/**
	 * Returns the bytes of a key as they are sent.
	 */
	static byte[] bytes(String key) {
		return isWellFormed(key) ? key.getBytes(StandardCharsets.UTF_8) : bytesOfMalformed(key);
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
		return StandardCharsets.UTF_8.decode(bytes).toString();
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
