package io.ratelimit.it.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import io.ratelimit.Decision;
import io.ratelimit.RateLimitListener;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import io.ratelimit.spring.request.KeyResolver;
import io.ratelimit.spring.request.LimitedRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.annotation.RequestScope;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client is one client, however it writes what it is known by.
 */
@ExtendWith(OutputCaptureExtension.class)
class KeyFormsTests {

	private static final String LARGE_ON_UNDERTOW = "server.undertow.max-http-post-size=20MB";

	private static final String BOUNDARY = "----boundary";

	private static final String MULTIPART = "multipart/form-data; boundary=" + BOUNDARY;

	private static final String URL_ENCODED = "application/x-www-form-urlencoded";

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void allFormsOfALoginShareOneCount() {
		start("login.limits=4/15m", "login.paths=/login", "login.key=param:username");
		assertThat(multipart("/login", "alice").body()).isEqualTo("alice");
		assertThat(urlEncoded("/login", "username=ALICE").body()).isEqualTo("ALICE");
		assertThat(multipart("/login", "\uFF21lice").status()).isEqualTo(200);
		assertThat(this.application.post("/login?username=+alice", "x").status()).isEqualTo(200);
		assertThat(urlEncoded("/login", "username=alice").status()).isEqualTo(429);
		assertThat(multipart("/login", "Alice ").status()).isEqualTo(429);
		assertThat(multipart("/login", "bob").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "007", "%2B7", "0x7", "%237", "%EF%BC%97", "%D9%A7", "+7", "0+7" })
	void aNumberIsOneKey(String spelling) {
		start("account.limits=1/1m", "account.paths=/account", "account.key=param:id");
		assertThat(this.application.get("/account?id=0007").body()).isEqualTo("7");
		Answer again = this.application.get("/account?id=" + spelling);
		assertThat(again.status()).isEqualTo(429);
	}

	@Test
	void inventedValuesBesideTheRealOneDoNotHelp() {
		start("login.limits=3/15m", "login.paths=/login", "login.key=param:username");
		List<Integer> statuses = IntStream.range(0, 20)
			.mapToObj((i) -> multipart("/login?username=r" + i, "victim").status())
			.toList();
		assertThat(statuses.stream().filter((status) -> status == 200)).hasSize(3);
		List<Integer> others = IntStream.range(0, 20)
			.mapToObj((i) -> urlEncoded("/login?username=victim", "username=r" + i).status())
			.toList();
		assertThat(others).containsOnly(429);
		assertThat(urlEncoded("/login", "username=victim&username=VICTIM").status()).isEqualTo(200);
	}

	/**
	 * Spring MVC finds a value in more places than under the name of the parameter.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "/bound?user[]=victim", "/bound?user%5B%5D=victim", "/bound?!user=victim", "/bound" })
	void noOtherPlaceThatIsBoundIsAWayPast(String path) {
		start("login.limits=2/15m", "login.paths=/bound", "login.key=param:user", "login.missing-key=skip");
		String target = path.replace("[", "%5B").replace("]", "%5D");
		List<Integer> statuses = IntStream.range(0, 6)
			.mapToObj((i) -> this.application.get(target, "user", "victim").status())
			.toList();
		assertThat(statuses).containsExactly(200, 200, 429, 429, 429, 429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "abc", "%61bc", "%61%62%63" })
	void aCookieIsWhatAHandlerSees(String value) {
		start("api.limits=1/1m", "api.paths=/account", "api.key=cookie:tok");
		assertThat(this.application.get("/account?id=1", "Cookie", "tok=abc").status()).isEqualTo(200);
		assertThat(this.application.get("/account?id=1", "Cookie", "tok=" + value).status()).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "bogus", "UTF-7", "'utf-8'", "none", "utf-8" })
	void noCharsetHidesTheKey(String charset) {
		start("login.limits=2/15m", "login.paths=/hook", "login.key=param:user", "login.missing-key=skip");
		List<Integer> statuses = IntStream.range(0, 6)
			.mapToObj((i) -> this.application
				.post("/hook", "user=victim", "Content-Type", "application/x-www-form-urlencoded; charset=" + charset)
				.status())
			.toList();
		assertThat(statuses.subList(2, 6)).containsOnly(429);
	}

	@Test
	void aLargeFormComesToItsHandlerWhole() {
		start("hook.limits=100/1m", "hook.paths=/length", "hook.key=param:user", LARGE_ON_UNDERTOW);
		String form = "user=a&x=" + "x".repeat(2_200_000);
		assertThat(urlEncoded("/length", form).body()).isEqualTo(Integer.toString(form.length()));
	}

	@Test
	void largeFormsShareOneCount() {
		start("hook.limits=2/1m", "hook.paths=/length", "hook.key=param:user", "hook.missing-key=skip",
				LARGE_ON_UNDERTOW);
		String form = "x=" + "x".repeat(2_200_000);
		assertThat(urlEncoded("/length?user=a", form).status()).isEqualTo(200);
		assertThat(urlEncoded("/length?user=b", form).status()).isEqualTo(200);
		assertThat(this.application.formStatus("/length?user=c", "application/x-www-form-urlencoded", form))
			.isEqualTo(429);
	}

	@Test
	void aBodyThatWasReadForAKeyCanBeReadAgain() {
		start("hook.limits=2/1m", "hook.paths=/hook,/reader", "hook.key=param:user");
		String body = "user=%61lice&text=a+b%20c&user=alice";
		assertThat(urlEncoded("/hook", body).body()).isEqualTo(body);
		assertThat(urlEncoded("/reader", body).body()).isEqualTo(body);
		assertThat(urlEncoded("/hook", body).status()).isEqualTo(429);
	}

	@Test
	void parametersAreWhatTheContainerWouldHaveRead() {
		start("hook.limits=100/1m", "hook.paths=/parameters", "hook.key=param:user");
		String form = "user=m%C3%BCller&a=1&a=2&empty=&flag&b=x%3Dy&plus=a+b";
		String expected = urlEncoded("/unguarded?a=0&q=1", form).body();
		assertThat(expected).contains("m\u00FCller");
		assertThat(urlEncoded("/parameters?a=0&q=1", form).body()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "user=%zz&user=victim", "user=%&x=1", "%=%" })
	void aFormThatCannotBeReadIsChargedAndNoFault(String form) {
		start("hook.limits=3/1m", "hook.paths=/hook", "hook.key=param:user");
		List<Integer> statuses = IntStream.range(0, 5).mapToObj((i) -> urlEncoded("/hook", form).status()).toList();
		assertThat(statuses).containsExactly(200, 200, 200, 429, 429);
	}

	@Test
	void aFormThatIsTooLargeIsChargedAndAnsweredAsElsewhere() {
		start("hook.limits=3/1m", "hook.paths=/parameters", "hook.key=param:user");
		String form = "user=a&x=" + "x".repeat(3 * 1024 * 1024);
		List<Integer> statuses = IntStream.range(0, 5)
			.mapToObj((i) -> this.application.formStatus("/parameters?q=1", URL_ENCODED, form))
			.toList();
		int elsewhere = this.application.formStatus("/unguarded?q=1", URL_ENCODED, form);
		int beyond = Container.expect(429, 429, elsewhere); // Undertow runs no filter
		assertThat(statuses).containsExactly(elsewhere, elsewhere, elsewhere, beyond, beyond);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--", "--%s\r\nContent-Disposition: form-da", "--%s\r\n\r\n", "x" })
	void partsThatCannotBeReadAreAnsweredAsElsewhere(String body) {
		start("hook.limits=3/1m", "hook.paths=/parameters", "hook.key=param:user");
		String form = body.formatted(BOUNDARY);
		int elsewhere = this.application.formStatus("/unguarded?q=1", MULTIPART, form);
		List<Integer> statuses = IntStream.range(0, 4)
			.mapToObj((i) -> this.application.formStatus("/parameters?q=1", MULTIPART, form))
			.toList();
		assertThat(statuses).containsExactly(elsewhere, elsewhere, elsewhere, 429);
	}

	@Test
	void aShadowPolicyReadsNoBody() {
		start("hook.limits=100/1m", "hook.paths=/hook,/parameters", "hook.key=param:user", "hook.mode=shadow");
		assertThat(urlEncoded("/hook", "user=alice").body()).isEqualTo("user=alice");
		assertThat(multipart("/parameters?q=1", "bob").body()).contains("username=bob", "q=1");
		assertThat(multipart("/login", "bob").body()).isEqualTo("bob");
	}

	@Test
	void aQueryThatCannotBeDecodedIsWhatTheContainerMakesOfIt() {
		start("login.limits=3/1m", "login.paths=/login", "login.key=param:username");
		List<Integer> statuses = IntStream.range(0, 10)
			.mapToObj((i) -> this.application.status("/login?username=%zz" + i + "&username=victim"))
			.toList();
		assertThat(statuses.stream().filter((status) -> status == 200)).hasSizeLessThanOrEqualTo(3);
	}

	@Test
	void noSecretLeavesTheProcess() {
		start("api.limits=1/1m", "api.paths=/account", "api.key=header:X-Api-Key | cookie:c", "session.limits=1/1m",
				"session.paths=/session", "session.key=session");
		Keys keys = this.application.bean(Keys.class);
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
		start("api.limits=1/1m", "api.paths=/account", "api.key=header:Authorization");
		assertThat(this.application.get("/account?id=1", "Authorization", "Bearer abc").status()).isEqualTo(200);
		assertThat(this.application.get("/account?id=1", "Authorization", credentials).status()).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "failing", "nobody" })
	void aResolverThatFailsIsAMissingKey(String bean, CapturedOutput output) {
		start("api.limits=2/1m", "api.paths=/account", "api.key=@" + bean);
		assertThat(this.application.statuses(3, "/account?id=1")).containsExactly(200, 200, 429);
		assertThat(output.getOut().split("The key of policy 'api': '@failing' fails", -1))
			.hasSize(bean.equals("failing") ? 2 : 1);
		assertThat(output.getOut()).doesNotContain("on purpose");
	}

	@ParameterizedTest
	@ValueSource(strings = { "holder", "scoped" })
	void aResolverSeesTheRequestOfItsThread(String bean) {
		start("api.limits=1/1m", "api.paths=/account", "api.key=@" + bean, "api.missing-key=skip");
		assertThat(this.application.statuses(2, "/account?id=1", "X-User", "a")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/account?id=1", "X-User", "b")).containsExactly(200, 429);
	}

	@Test
	void aResolverCanAskForTheAddressBehindTrustedProxies() {
		start("api.limits=1/1m", "api.paths=/account", "api.key=@address",
				"ratelimit.http.trusted-proxies=127.0.0.0/8");
		assertThat(this.application.statuses(2, "/account?id=1", "X-Forwarded-For", "203.0.113.7")).containsExactly(200,
				429);
		assertThat(this.application.get("/account?id=1", "X-Forwarded-For", "203.0.113.8").status()).isEqualTo(200);
	}

	private Answer urlEncoded(String path, String form) {
		return this.application.post(path, form, "Content-Type", URL_ENCODED);
	}

	private Answer multipart(String path, String user) {
		String body = "--%s\r\nContent-Disposition: form-data; name=\"username\"\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n%s\r\n--%s--\r\n"
			.formatted(BOUNDARY, user, BOUNDARY);
		return this.application.post(path, body, "Content-Type", MULTIPART);
	}

	private void start(String... properties) {
		this.application = Application.start(Accounts.class,
				List.of(properties)
					.stream()
					.map((property) -> property.matches("(ratelimit|server)\\..*") ? property
							: "ratelimit.policies." + property)
					.toArray(String[]::new));
	}

	static final class Keys implements RateLimitListener {

		private final Set<String> seen = ConcurrentHashMap.newKeySet();

		@Override
		public void onDecision(String key, long permits, Decision decision) {
			this.seen.add(decision.policy().name() + ":" + key);
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(AccountController.class)
	static class Accounts {

		@Bean
		Keys keys() {
			return new Keys();
		}

		@Bean
		KeyResolver failing() {
			return (request) -> {
				throw new IllegalStateException("on purpose");
			};
		}

		@Bean
		KeyResolver nobody() {
			return (request) -> null;
		}

		@Bean
		KeyResolver holder() {
			return (request) -> ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes())
				.getRequest()
				.getHeader("X-User");
		}

		@Bean
		@RequestScope
		Caller caller(HttpServletRequest request) {
			return new Caller(request.getHeader("X-User"));
		}

		@Bean
		KeyResolver scoped(Caller caller) {
			return (request) -> caller.name();
		}

		@Bean
		KeyResolver address() {
			return LimitedRequest::clientAddress;
		}

	}

	static class Caller {

		private final String name;

		Caller(String name) {
			this.name = name;
		}

		String name() {
			return this.name;
		}

	}

	record Bound(String user) {

	}

	@RestController
	static class AccountController {

		@PostMapping("/login")
		String login(@RequestParam String username) {
			return username;
		}

		@GetMapping("/login")
		String loginByGet(HttpServletRequest request) {
			return request.getParameter("username");
		}

		@GetMapping("/account")
		String account(@RequestParam long id) {
			return Long.toString(id);
		}

		@GetMapping("/bound")
		String bound(Bound bound) {
			return bound.user();
		}

		@PostMapping("/length")
		String length(InputStream body) throws IOException {
			return Integer.toString(body.readAllBytes().length);
		}

		@PostMapping("/hook")
		String hook(InputStream body) throws IOException {
			return new String(body.readAllBytes(), StandardCharsets.UTF_8);
		}

		@PostMapping("/reader")
		String reader(Reader reader) throws IOException {
			StringWriter text = new StringWriter();
			reader.transferTo(text);
			return text.toString();
		}

		@PostMapping(path = { "/parameters", "/unguarded" }, produces = "text/plain;charset=UTF-8")
		String parameters(HttpServletRequest request) {
			StringBuilder text = new StringBuilder();
			new TreeMap<>(request.getParameterMap()).forEach((name, values) -> {
				assertThat(request.getParameterValues(name)).containsExactly(values);
				assertThat(request.getParameter(name)).isEqualTo(values[0]);
				text.append(name).append('=').append(String.join(",", values)).append(';');
			});
			return text.toString();
		}

		@GetMapping("/session")
		String session(HttpSession session) {
			return session.getId();
		}

	}

}
