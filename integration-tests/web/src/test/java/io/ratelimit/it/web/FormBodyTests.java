package io.ratelimit.it.web;

import java.util.List;
import java.util.stream.IntStream;

import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.ratelimit.it.web.Forms.BOUNDARY;
import static io.ratelimit.it.web.Forms.MULTIPART;
import static io.ratelimit.it.web.Forms.URL_ENCODED;
import static io.ratelimit.it.web.Forms.multipart;
import static io.ratelimit.it.web.Forms.urlEncoded;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A body that is read for a key comes to its handler as if nobody had read it.
 */
class FormBodyTests {

	private static final String LARGE_ON_UNDERTOW = "server.undertow.max-http-post-size=20MB";

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aLargeFormComesToItsHandlerWhole() {
		this.application = Accounts.start(Accounts.class, "hook.limits=100/1m", "hook.paths=/length",
				"hook.key=param:user", LARGE_ON_UNDERTOW);
		String form = "user=a&x=" + "x".repeat(2_200_000);
		assertThat(urlEncoded(this.application, "/length", form).body()).isEqualTo(Integer.toString(form.length()));
	}

	@Test
	void largeFormsShareOneCount() {
		this.application = Accounts.start(Accounts.class, "hook.limits=2/1m", "hook.paths=/length",
				"hook.key=param:user", "hook.missing-key=skip", LARGE_ON_UNDERTOW);
		String form = "x=" + "x".repeat(2_200_000);
		assertThat(urlEncoded(this.application, "/length?user=a", form).status()).isEqualTo(200);
		assertThat(urlEncoded(this.application, "/length?user=b", form).status()).isEqualTo(200);
		assertThat(this.application.formStatus("/length?user=c", "application/x-www-form-urlencoded", form))
			.isEqualTo(429);
	}

	@Test
	void aBodyThatWasReadForAKeyCanBeReadAgain() {
		this.application = Accounts.start(Accounts.class, "hook.limits=2/1m", "hook.paths=/hook,/reader",
				"hook.key=param:user");
		String body = "user=%61lice&text=a+b%20c&user=alice";
		assertThat(urlEncoded(this.application, "/hook", body).body()).isEqualTo(body);
		assertThat(urlEncoded(this.application, "/reader", body).body()).isEqualTo(body);
		assertThat(urlEncoded(this.application, "/hook", body).status()).isEqualTo(429);
	}

	@Test
	void parametersAreWhatTheContainerWouldHaveRead() {
		this.application = Accounts.start(Accounts.class, "hook.limits=100/1m", "hook.paths=/parameters",
				"hook.key=param:user");
		String form = "user=m%C3%BCller&a=1&a=2&empty=&flag&b=x%3Dy&plus=a+b";
		String expected = urlEncoded(this.application, "/unguarded?a=0&q=1", form).body();
		assertThat(expected).contains("m\u00FCller");
		assertThat(urlEncoded(this.application, "/parameters?a=0&q=1", form).body()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "user=%zz&user=victim", "user=%&x=1", "%=%" })
	void aFormThatCannotBeReadIsChargedAndNoFault(String form) {
		this.application = Accounts.start(Accounts.class, "hook.limits=3/1m", "hook.paths=/hook",
				"hook.key=param:user");
		List<Integer> statuses = IntStream.range(0, 5)
			.mapToObj((i) -> urlEncoded(this.application, "/hook", form).status())
			.toList();
		assertThat(statuses).containsExactly(200, 200, 200, 429, 429);
	}

	@Test
	void aFormThatIsTooLargeIsChargedAndAnsweredAsElsewhere() {
		this.application = Accounts.start(Accounts.class, "hook.limits=3/1m", "hook.paths=/parameters",
				"hook.key=param:user");
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
		this.application = Accounts.start(Accounts.class, "hook.limits=3/1m", "hook.paths=/parameters",
				"hook.key=param:user");
		String form = body.formatted(BOUNDARY);
		int elsewhere = this.application.formStatus("/unguarded?q=1", MULTIPART, form);
		List<Integer> statuses = IntStream.range(0, 4)
			.mapToObj((i) -> this.application.formStatus("/parameters?q=1", MULTIPART, form))
			.toList();
		assertThat(statuses).containsExactly(elsewhere, elsewhere, elsewhere, 429);
	}

	@Test
	void aShadowPolicyReadsNoBody() {
		this.application = Accounts.start(Accounts.class, "hook.limits=100/1m", "hook.paths=/hook,/parameters",
				"hook.key=param:user", "hook.mode=shadow");
		assertThat(urlEncoded(this.application, "/hook", "user=alice").body()).isEqualTo("user=alice");
		assertThat(multipart(this.application, "/parameters?q=1", "bob").body()).contains("username=bob", "q=1");
		assertThat(multipart(this.application, "/login", "bob").body()).isEqualTo("bob");
	}

}
