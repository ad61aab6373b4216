package io.ratelimit.it.web;

import java.util.List;
import java.util.stream.IntStream;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.ratelimit.it.web.Forms.multipart;
import static io.ratelimit.it.web.Forms.urlEncoded;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client is one client, however it writes what it is known by.
 */
class KeyFormsTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void allFormsOfALoginShareOneCount() {
		this.application = Accounts.start(Accounts.class, "login.limits=4/15m", "login.paths=/login",
				"login.key=param:username");
		assertThat(multipart(this.application, "/login", "alice").body()).isEqualTo("alice");
		assertThat(urlEncoded(this.application, "/login", "username=ALICE").body()).isEqualTo("ALICE");
		assertThat(multipart(this.application, "/login", "\uFF21lice").status()).isEqualTo(200);
		assertThat(this.application.post("/login?username=+alice", "x").status()).isEqualTo(200);
		assertThat(urlEncoded(this.application, "/login", "username=alice").status()).isEqualTo(429);
		assertThat(multipart(this.application, "/login", "Alice ").status()).isEqualTo(429);
		assertThat(multipart(this.application, "/login", "bob").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "007", "%2B7", "0x7", "%237", "%EF%BC%97", "%D9%A7", "+7", "0+7" })
	void aNumberIsOneKey(String spelling) {
		this.application = Accounts.start(Accounts.class, "account.limits=1/1m", "account.paths=/account",
				"account.key=param:id");
		assertThat(this.application.get("/account?id=0007").body()).isEqualTo("7");
		Answer again = this.application.get("/account?id=" + spelling);
		assertThat(again.status()).isEqualTo(429);
	}

	@Test
	void inventedValuesBesideTheRealOneDoNotHelp() {
		this.application = Accounts.start(Accounts.class, "login.limits=3/15m", "login.paths=/login",
				"login.key=param:username");
		List<Integer> statuses = IntStream.range(0, 20)
			.mapToObj((i) -> multipart(this.application, "/login?username=r" + i, "victim").status())
			.toList();
		assertThat(statuses.stream().filter((status) -> status == 200)).hasSize(3);
		List<Integer> others = IntStream.range(0, 20)
			.mapToObj((i) -> urlEncoded(this.application, "/login?username=victim", "username=r" + i).status())
			.toList();
		assertThat(others).containsOnly(429);
		assertThat(urlEncoded(this.application, "/login", "username=victim&username=VICTIM").status()).isEqualTo(200);
	}

	/**
	 * Spring MVC finds a value in more places than under the name of the parameter.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "/bound?user[]=victim", "/bound?user%5B%5D=victim", "/bound?!user=victim", "/bound" })
	void noOtherPlaceThatIsBoundIsAWayPast(String path) {
		this.application = Accounts.start(Accounts.class, "login.limits=2/15m", "login.paths=/bound",
				"login.key=param:user", "login.missing-key=skip");
		String target = path.replace("[", "%5B").replace("]", "%5D");
		List<Integer> statuses = IntStream.range(0, 6)
			.mapToObj((i) -> this.application.get(target, "user", "victim").status())
			.toList();
		assertThat(statuses).containsExactly(200, 200, 429, 429, 429, 429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "abc", "%61bc", "%61%62%63" })
	void aCookieIsWhatAHandlerSees(String value) {
		this.application = Accounts.start(Accounts.class, "api.limits=1/1m", "api.paths=/account",
				"api.key=cookie:tok");
		assertThat(this.application.get("/account?id=1", "Cookie", "tok=abc").status()).isEqualTo(200);
		assertThat(this.application.get("/account?id=1", "Cookie", "tok=" + value).status()).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "bogus", "UTF-7", "'utf-8'", "none", "utf-8" })
	void noCharsetHidesTheKey(String charset) {
		this.application = Accounts.start(Accounts.class, "login.limits=2/15m", "login.paths=/hook",
				"login.key=param:user", "login.missing-key=skip");
		List<Integer> statuses = IntStream.range(0, 6)
			.mapToObj((i) -> this.application
				.post("/hook", "user=victim", "Content-Type", "application/x-www-form-urlencoded; charset=" + charset)
				.status())
			.toList();
		assertThat(statuses.subList(2, 6)).containsOnly(429);
	}

	@Test
	void aQueryThatCannotBeDecodedIsWhatTheContainerMakesOfIt() {
		this.application = Accounts.start(Accounts.class, "login.limits=3/1m", "login.paths=/login",
				"login.key=param:username");
		List<Integer> statuses = IntStream.range(0, 10)
			.mapToObj((i) -> this.application.status("/login?username=%zz" + i + "&username=victim"))
			.toList();
		assertThat(statuses.stream().filter((status) -> status == 200)).hasSizeLessThanOrEqualTo(3);
	}

	@Test
	void noSecretLeavesTheProcess() {
		this.application = Accounts.start(Accounts.class, "api.limits=1/1m", "api.paths=/account",
				"api.key=header:X-Api-Key | cookie:c", "session.limits=1/1m", "session.paths=/session",
				"session.key=session");
		Accounts.Keys keys = this.application.bean(Accounts.Keys.class);
		this.application.get("/account?id=1", "X-Api-Key", "top-secret");
		this.application.get("/account?id=1", "Cookie", "c=top-secret");
		String cookie = this.application.get("/session").header("Set-Cookie");
		String session = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
		assertThat(this.application.statuses(2, "/session", "Cookie", "JSESSIONID=" + session)).containsExactly(200,
				429);
		assertThat(keys.seen).hasSize(4).noneMatch((key) -> key.contains("top-secret") || key.contains(session));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer abc", "bearer abc", "BEARER   abc" })
	void theSchemeOfCredentialsIsNoKey(String credentials) {
		this.application = Accounts.start(Accounts.class, "api.limits=1/1m", "api.paths=/account",
				"api.key=header:Authorization");
		assertThat(this.application.get("/account?id=1", "Authorization", "Bearer abc").status()).isEqualTo(200);
		assertThat(this.application.get("/account?id=1", "Authorization", credentials).status()).isEqualTo(429);
	}

}
