package io.ratelimit.spring.request;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.ratelimit.spring.expression.Expressions;
import jakarta.servlet.http.Cookie;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RequestKeyTests {

	private static final KeySettings SETTINGS = GivenRequest.settings();

	private final KeyParser parser = new KeyParser(SETTINGS, new Expressions(null),
			(name) -> (request) -> request.header(name));

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	@Test
	void theFirstAlternativeThatIsPresentCounts() {
		RequestKey key = this.parser.parse("@A | cookie:c | ip", "api");
		assertThat(resolve(key)).isEqualTo("~ip~127.0.0.1");
		this.request.addHeader("A", "value");
		assertThat(resolve(key)).isEqualTo("value");
	}

	@Test
	void alternativesDoNotMeet() {
		RequestKey key = this.parser.parse("@A | ip", "api");
		String byAddress = resolve(key);
		this.request.addHeader("A", String.valueOf(byAddress));
		assertThat(resolve(key)).isEqualTo("~~ip~127.0.0.1").isNotEqualTo(byAddress);
	}

	@Test
	void aCompoundNeedsAllItsParts() {
		RequestKey key = this.parser.parse("@A + @B", "api");
		this.request.addHeader("A", "1");
		assertThat(resolve(key)).isNull();
		this.request.addHeader("B", "22");
		assertThat(resolve(key)).isEqualTo("1:12:22");
	}

	@Test
	void longKeysAreHashed() {
		RequestKey key = this.parser.parse("@A", "api");
		this.request.addHeader("A", "x".repeat(129));
		String hashed = resolve(key);
		assertThat(hashed).startsWith("~sha256~").hasSizeLessThan(64);
		MockHttpServletRequest other = new MockHttpServletRequest();
		other.addHeader("A", "x".repeat(128) + "y");
		assertThat(resolve(key, other)).startsWith("~sha256~").isNotEqualTo(hashed);
	}

	@Test
	void whatLetsItsOwnerInIsHashed() {
		this.request.addHeader("X-Api-Key", "secret");
		this.request.setCookies(new Cookie("c", "secret"));
		this.request.getSession(true);
		for (String text : List.of("header:X-Api-Key", "cookie:c", "session")) {
			assertThat(resolve(this.parser.parse(text, "api"))).matches("hmac:[A-Za-z0-9_-]{22}");
		}
		assertThat(resolve(this.parser.parse("header:X-Api-Key + ip", "api"))).doesNotContain("secret");
		assertThat(resolve(this.parser.parse("@none | header:X-Api-Key", "api"))).startsWith("~header:X-Api-Key~hmac:");
	}

	@Test
	void aHashNeedsTheSecret() {
		assertThat(new KeyHash(new byte[16], false).of("a")).isEqualTo(new KeyHash(new byte[16], false).of("a"))
			.isNotEqualTo(new KeyHash(new byte[17], false).of("b"))
			.isNotEqualTo(new KeyHash("another secret..".getBytes(StandardCharsets.UTF_8), false).of("a"));
	}

	@Test
	void aHashLeadsBackToItsValueWhereThereArePlans() {
		KeyHash hash = new KeyHash(new byte[16], true);
		String first = hash.of("customer 0");
		for (int i = 1; i <= 50_000; i++) {
			hash.of("customer " + i);
		}
		assertThat(hash.original(first)).isEqualTo("customer 0");
		assertThat(hash.original("~header:A~" + first)).isEqualTo("~header:A~customer 0");
		assertThat(hash.original("alice")).isEqualTo("alice");
		assertThat(hash.original(hash.of("7", "007"))).as("as it was sent").isEqualTo("007");
		assertThat(new KeyHash(new byte[16], false).original(first)).isEqualTo(first);
	}

	@Test
	void whatSomebodyTypesIsTheSameKey() {
		this.request.addHeader("X-Api-Key", "secret");
		RequestKey header = this.parser.parse("header:X-Api-Key | ip", "api");
		assertThat(header.typed("secret")).isEqualTo(resolve(header));
		assertThat(header.typed(String.valueOf(resolve(header)))).isEqualTo(resolve(header));
		assertThat(header.typed("~ip~127.0.0.1")).isEqualTo("~ip~127.0.0.1");
		this.request.setParameter("user", "ALICE");
		RequestKey parameter = this.parser.parse("param:user", "api");
		assertThat(parameter.typed("Alice ")).isEqualTo(resolve(parameter)).isEqualTo("alice");
	}

	@Test
	void whatSomebodyTypesOfAnotherAlternativeStandsBehindItsName() {
		RequestKey key = this.parser.parse("header:X-Api-Key | param:user + ip | ip", "api");
		assertThat(key.typed("ip=" + this.request.getRemoteAddr())).isEqualTo(resolve(key));
		this.request.setParameter("user", "ALICE");
		assertThat(key.typed("param:user + ip=Alice + 127.0.0.1")).isEqualTo(resolve(key));
		this.request.addHeader("X-Api-Key", "secret");
		assertThat(key.typed("header:X-Api-Key=secret")).isEqualTo(resolve(key));
	}

	@Test
	void whatSomebodyTypesOfACompoundIsTheValuesOfItsParts() {
		RequestKey key = this.parser.parse("param:user + ip", "api");
		this.request.setParameter("user", "ALICE");
		assertThat(key.typed("Alice + 127.0.0.1")).isEqualTo(resolve(key)).isEqualTo("5:alice9:127.0.0.1");
		assertThat(key.typed("5:alice9:127.0.0.1")).isEqualTo(resolve(key));
		this.request.setParameter("user", "5:alice");
		assertThat(key.typed("5:alice + 127.0.0.1")).isEqualTo(resolve(key));
		assertThatIllegalArgumentException().isThrownBy(() -> key.typed("Alice"))
			.withMessage("'Alice' is not the parts of a key, as in param:user + ip");
	}

	@ParameterizedTest
	@CsvSource({ "Basic YWxpY2U6eA==, basic  YWxpY2U6eA==", "Basic YWxpY2U6eA==, BASIC YWxpY2U6eA",
			"Bearer abc, bearer abc" })
	void theSchemeOfCredentialsMakesNoKey(String one, String other) {
		RequestKey key = this.parser.parse("header:Authorization", "api");
		this.request.addHeader("Authorization", one);
		MockHttpServletRequest second = new MockHttpServletRequest();
		second.addHeader("authorization", other);
		assertThat(resolve(key, second)).isEqualTo(resolve(key));
	}

	@Test
	void severalValuesOfAParameterAreOneKeyOfTheirOwn() {
		RequestKey key = this.parser.parse("param:user", "api");
		this.request.setParameter("user", "a", "A ");
		assertThat(resolve(key)).isEqualTo("a");
		this.request.setParameter("user", "a", "b");
		String several = resolve(key);
		this.request.setParameter("user", "c", "d");
		assertThat(resolve(key)).isEqualTo(several).isNotIn("a", "b", "c");
	}

	@Test
	void whatABeanThrowsIsAMissingKey() {
		KeyParser failing = new KeyParser(SETTINGS, new Expressions(null), (name) -> (request) -> {
			throw new IllegalStateException("on purpose");
		});
		assertThat(resolve(failing.parse("@failing | ip", "api"))).isEqualTo("~ip~127.0.0.1");
	}

	@Test
	void anExpressionThatFailsIsAMissingKey() {
		RequestKey key = this.parser.parse("#request.getHeader('A').length()", "api");
		assertThat(resolve(key)).isNull();
		this.request.addHeader("A", "1234");
		assertThat(resolve(key)).isEqualTo("4");
	}

	@Test
	void thePlaceFollowsFromTheKey() {
		assertThat(this.parser.parse("ip", "api").needsPrincipal()).isFalse();
		assertThat(this.parser.parse("header:A | ip", "api").needsPrincipal()).isFalse();
		assertThat(this.parser.parse("principal | ip", "api").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("path:a + jwt:b", "api").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("#principal.name", "api").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("#request.userPrincipal.name", "api").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("#request.method", "api").needsPrincipal()).isFalse();
	}

	private @Nullable String resolve(RequestKey key) {
		return resolve(key, this.request);
	}

	private static @Nullable String resolve(RequestKey key, MockHttpServletRequest request) {
		return key.resolve(new GivenRequest(request), Map.of());
	}

}
