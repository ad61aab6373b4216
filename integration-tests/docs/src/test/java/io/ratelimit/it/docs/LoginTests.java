package io.ratelimit.it.docs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages say of logins and tenants, tried with their YAML.
 */
class LoginTests {

	@TempDir
	private Path directory;

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void oneAccountFromOneAddress() throws IOException {
		start("protect-a-login.md", "Three policies");
		for (String name : new String[] { "alice", "ALICE", "+alice+", "Alice", "alice" }) {
			assertThat(login(name, "wrong").header("Location")).endsWith("/login?error");
		}
		Answer refused = login("alice", "right");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.body()).contains("login-guess");
		assertThat(this.application.get("/login").status()).isEqualTo(200);
		assertThat(login("bob", "wrong").status()).isEqualTo(302);
	}

	@Test
	void manyAccountsFromOneAddress() throws IOException {
		start("protect-a-login.md", "Three policies");
		for (int i = 0; i < 30; i++) {
			assertThat(login("user" + i, "wrong").status()).isEqualTo(302);
		}
		assertThat(login("user30", "wrong").body()).contains("login-address");
	}

	@Test
	void oneAccountFromManyAddresses() throws IOException {
		start("protect-a-login.md", "Three policies", "ratelimit.http.trusted-proxies=127.0.0.1");
		for (int i = 0; i < 50; i++) {
			assertThat(login("alice", "wrong", "X-Forwarded-For", "192.0.2." + i).status()).isEqualTo(302);
		}
		assertThat(login("alice", "wrong", "X-Forwarded-For", "192.0.2.51").body()).contains("login-account");
	}

	@Test
	void whoHasLoggedInBeginsAnew() throws IOException {
		start("protect-a-login.md", "Three policies");
		login("Alice", "wrong");
		assertThat(left("login-account", "alice")).isEqualTo(49);
		assertThat(login("Alice", "right").header("Location")).doesNotContain("error");
		assertThat(left("login-account", "alice")).isEqualTo(50);
		assertThat(left("login-address", "127.0.0.1")).isEqualTo(28);
	}

	@Test
	void aBrowserIsAnsweredWithAPage() throws IOException {
		start("protect-a-login.md", "Three policies");
		this.application.bean(RateLimits.class).limiter("login-address").tryAcquire("127.0.0.1", 30);
		Answer page = login("alice", "right", "Accept", "text/html,*/*;q=0.8");
		assertThat(page.status()).isEqualTo(429);
		assertThat(page.header("Retry-After")).isEqualTo("900");
		assertThat(page.header("Content-Type")).startsWith("text/html");
		assertThat(login("alice", "right").header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void aLoginByJson() throws IOException {
		start("protect-a-login.md", "Three policies");
		for (int i = 0; i < 50; i++) {
			assertThat(json((i % 2 == 0) ? "alice" : "ALICE")).isEqualTo(200);
		}
		assertThat(json("alice")).isEqualTo(429);
		assertThat(json("bob")).isEqualTo(200);
	}

	@Test
	void guessesOfHttpBasicAreCountedByAddress() throws IOException {
		start("protect-a-login.md", "HTTP Basic and tokens");
		for (int i = 0; i < 3; i++) {
			assertThat(this.application.get("/api/account", Bank.basic("alice", "wrong")).status()).isEqualTo(401);
		}
		assertThat(left("api-address", "127.0.0.1")).isEqualTo(597);
		assertThat(left("api-user", "alice")).isEqualTo(100);
		assertThat(this.application.get("/api/account", Bank.basic("alice", "right")).status()).isEqualTo(200);
		assertThat(left("api-user", "alice")).isEqualTo(99);
	}

	@Test
	void usersOfATenantShareALimit() throws Exception {
		start("limits-by-tenant.md", "By a token");
		assertThat(this.application.get("/api/account", Bank.token("alice", "acme")).status()).isEqualTo(200);
		assertThat(this.application.get("/api/account", Bank.token("bob", "acme")).status()).isEqualTo(200);
		assertThat(left("tenant", "acme")).isEqualTo(998);
		assertThat(this.application.statuses(100, "/api/account", Bank.token("bob", "acme"))).endsWith(429);
		assertThat(this.application.get("/api/account", Bank.token("alice", "acme")).status()).isEqualTo(200);
		long address = left("address", "127.0.0.1");
		assertThat(this.application.get("/api/account", "Authorization", "Bearer forged").status()).isEqualTo(401);
		assertThat(left("address", "127.0.0.1")).isEqualTo(address - 1);
		assertThat(this.application.get("/api/account", Bank.token("alice", "")).header("RateLimit-Policy"))
			.contains("\"tenant\"", "\"user\"");
	}

	@Test
	void aHostIsTheSameHoweverItIsWritten() throws IOException {
		start("limits-by-tenant.md", "By path, host or header");
		for (String host : new String[] { "shop.example", "SHOP.example", "shop.example." }) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.application.port())) {
				socket.getOutputStream()
					.write("GET /shop/items HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host)
						.getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
					.startsWith("HTTP/1.1 ");
			}
		}
		assertThat(left("by-host", "shop.example")).isEqualTo(997);
	}

	private int json(String name) {
		return this.application
			.post("/api/login", "{\"username\": \"%s\", \"password\": \"wrong\"}".formatted(name), "Content-Type",
					"application/json")
			.status();
	}

	private Answer login(String user, String password, String... headers) {
		String[] all = new String[headers.length + 2];
		System.arraycopy(headers, 0, all, 2, headers.length);
		all[0] = "Content-Type";
		all[1] = "application/x-www-form-urlencoded";
		return this.application.post("/login", "username=" + user + "&password=" + password, all);
	}

	private long left(String policy, String key) {
		return this.application.bean(RateLimits.class).limiter(policy).peek(key).remaining();
	}

	private void start(String page, String heading, String... properties) throws IOException {
		this.application = PageApplication.start(Bank.class, Snippet.under(page, heading, "yaml").text(),
				this.directory, properties);
	}

}
