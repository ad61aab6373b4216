package io.ratelimit.it.docs;

import java.io.IOException;
import java.nio.file.Path;

import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page on proxies says, tried with its YAML. The tests are the proxy.
 */
class BehindProxyTests {

	@TempDir
	private Path directory;

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aProxyThatIsNotNamedIsOneClient() {
		this.application = Application.start(Kiosk.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**");
		assertThat(status("203.0.113.1")).isEqualTo(200);
		assertThat(status("203.0.113.2")).isEqualTo(429);
	}

	@Test
	void nginx() throws IOException {
		start("nginx");
		assertThat(status("203.0.113.1")).isEqualTo(200);
		assertThat(status("203.0.113.2")).isEqualTo(200);
		assertThat(status("198.51.100.7, 203.0.113.1")).isEqualTo(429);
	}

	@Test
	void nativeOnTomcat() throws IOException {
		start("Spring Boot's own way");
		assertThat(status("203.0.113.1")).isEqualTo(200);
		assertThat(status("203.0.113.2, 10.1.2.3")).isEqualTo(200);
		assertThat(status("198.51.100.7, 203.0.113.1")).isEqualTo(429);
	}

	@Test
	void kubernetesByItself() {
		this.application = Application.start(Kiosk.class, "spring.main.cloud-platform=kubernetes",
				"ratelimit.policies.api.limits=1/1m", "ratelimit.policies.api.paths=/api/**");
		assertThat(status("203.0.113.1")).isEqualTo(200);
		assertThat(status("203.0.113.2")).isEqualTo(200);
		assertThat(status("198.51.100.7, 203.0.113.1")).isEqualTo(429);
	}

	@Test
	void kubernetesWithNamedProxies() throws IOException {
		start("Kubernetes", "spring.main.cloud-platform=kubernetes");
		assertThat(status("203.0.113.1")).isEqualTo(200);
		assertThat(status("203.0.113.2")).isEqualTo(200);
		assertThat(status("198.51.100.7, 203.0.113.1")).isEqualTo(429);
	}

	@Test
	void contextPath() throws IOException {
		start("Context path and rewritten paths");
		assertThat(this.application.statuses(101, "/shop/api/hello")).startsWith(200).endsWith(200, 429);
		assertThat(this.application.get("/shop/health").status()).isEqualTo(200);
	}

	private int status(String forwardedFor) {
		return this.application.get("/api/hello", "X-Forwarded-For", forwardedFor).status();
	}

	/*
	 * What the page has no policy for is guarded by one.
	 */
	private void start(String heading, String... properties) throws IOException {
		String yaml = Snippet.under("behind-a-proxy.md", heading, "yaml").text().replace("10.0.0.0/8", "127.0.0.0/8");
		String[] all = new String[properties.length + 2];
		System.arraycopy(properties, 0, all, 2, properties.length);
		all[0] = "ratelimit.policies.api.limits=1/1m";
		all[1] = "ratelimit.policies.api.paths=/api/**";
		this.application = PageApplication.start(Kiosk.class, yaml, this.directory, all);
	}

}
