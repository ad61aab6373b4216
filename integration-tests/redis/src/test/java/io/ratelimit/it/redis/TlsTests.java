package io.ratelimit.it.redis;

import java.nio.file.Path;
import java.util.stream.Stream;

import io.ratelimit.harness.Application;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Redis behind TLS, as {@code spring.data.redis.ssl} has it.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsTests {

	@TempDir
	private static Path directory;

	private static Path keyStore;

	@BeforeAll
	static void makeKeys() throws Exception {
		keyStore = TlsTunnel.keyStore(directory);
	}

	@Test
	void countsWhereTheCertificateIsTrusted() throws Exception {
		try (RedisServer server = RedisServer.start(); TlsTunnel tunnel = TlsTunnel.open(server.port(), keyStore)) {
			String store = "spring.ssl.bundle.jks.redis.truststore.";
			try (Application application = start(tunnel, "spring.data.redis.ssl.bundle=redis",
					store + "location=file:" + keyStore, store + "password=" + TlsTunnel.PASSWORD,
					store + "type=PKCS12")) {
				assertThat(application.statuses(4, "/api/hello")).containsExactly(200, 200, 200, 429);
				assertThat(application.bean(StringRedisTemplate.class).keys("*")).hasSize(1);
			}
		}
	}

	@Test
	void startsAndActsByTheFailureModeWhereItIsNot(CapturedOutput output) throws Exception {
		try (RedisServer server = RedisServer.start();
				TlsTunnel tunnel = TlsTunnel.open(server.port(), keyStore);
				Application application = start(tunnel, "ratelimit.failure-mode=deny",
						"spring.data.redis.ssl.enabled=true")) {
			assertThat(output).contains("Redis cannot be asked").contains("certification path");
			assertThat(application.statuses(2, "/api/hello")).containsOnly(503);
		}
	}

	private static Application start(TlsTunnel tunnel, String... properties) {
		return Application.startInRealTime(Api.class,
				Stream.concat(
						Stream.of("spring.data.redis.host=localhost", "spring.data.redis.port=" + tunnel.port(),
								"ratelimit.store=redis", "ratelimit.redis.timeout=5s",
								"ratelimit.policies.api.limits=3/1h", "ratelimit.policies.api.paths=/api/**"),
						Stream.of(properties))
					.toArray(String[]::new));
	}

}
