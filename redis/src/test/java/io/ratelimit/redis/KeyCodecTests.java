package io.ratelimit.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys that differ are counted apart.
 */
class KeyCodecTests {

	private static final List<String> PARTS = List.of("\ud83d", "\ude80", "?", "\ufffd", "a", "é", "€", "😀");

	@Test
	void keysThatDifferHaveDifferentBytesAndAreReadAsWritten() {
		Random random = new Random(1);
		Map<ByteBuffer, String> keys = new HashMap<>();
		for (int i = 0; i < 20_000; i++) {
			StringBuilder key = new StringBuilder();
			for (int parts = random.nextInt(6); parts >= 0; parts--) {
				key.append(PARTS.get(random.nextInt(PARTS.size())));
			}
			String former = keys.put(ByteBuffer.wrap(KeyCodec.bytes(key.toString())), key.toString());
			assertThat(former).isIn(null, key.toString());
			assertThat(KeyCodec.INSTANCE.decodeKey(KeyCodec.INSTANCE.encodeKey(key.toString())))
				.isEqualTo(key.toString());
		}
	}

	@Test
	void whatUtf8CanWriteIsWrittenSo() {
		for (String key : List.of("", "a", "ratelimit:{é}api", "€", "😀", "a😀b")) {
			assertThat(KeyCodec.bytes(key)).isEqualTo(key.getBytes(StandardCharsets.UTF_8));
			assertThat(KeyCodec.INSTANCE.decodeKey(KeyCodec.INSTANCE.encodeKey(key))).isEqualTo(key);
		}
	}

}
