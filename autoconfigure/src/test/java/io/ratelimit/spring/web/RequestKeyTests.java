package io.ratelimit.spring.web;

import java.util.List;
import java.util.Map;

import io.ratelimit.spring.expression.Expressions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

class RequestKeyTests {

	private final KeyParser parser = new KeyParser(new ClientAddress(List.of(), false, 64), new Expressions(null),
			(name) -> (request) -> request.getHeader(name));

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	@Test
	void theFirstAlternativeThatIsPresentCounts() {
		RequestKey key = this.parser.parse("header:A | cookie:c | ip");
		assertThat(resolve(key)).isEqualTo("~ip~127.0.0.1");
		this.request.addHeader("A", "value");
		assertThat(resolve(key)).isEqualTo("value");
	}

	@Test
	void alternativesDoNotMeet() {
		RequestKey key = this.parser.parse("header:A | ip");
		String byAddress = resolve(key);
		this.request.addHeader("A", String.valueOf(byAddress));
		assertThat(resolve(key)).isEqualTo("~~ip~127.0.0.1").isNotEqualTo(byAddress);
	}

	@Test
	void aCompoundNeedsAllItsParts() {
		RequestKey key = this.parser.parse("header:A + header:B");
		this.request.addHeader("A", "1");
		assertThat(resolve(key)).isNull();
		this.request.addHeader("B", "22");
		assertThat(resolve(key)).isEqualTo("1:12:22");
	}

	@Test
	void longKeysAreHashed() {
		RequestKey key = this.parser.parse("header:A");
		this.request.addHeader("A", "x".repeat(129));
		String hashed = resolve(key);
		assertThat(hashed).startsWith("~sha256~").hasSizeLessThan(64);
		MockHttpServletRequest other = new MockHttpServletRequest();
		other.addHeader("A", "x".repeat(128) + "y");
		assertThat(key.resolve(other, Map.of())).startsWith("~sha256~").isNotEqualTo(hashed);
	}

	@Test
	void anExpressionThatFailsIsAMissingKey() {
		RequestKey key = this.parser.parse("#request.getHeader('A').length()");
		assertThat(resolve(key)).isNull();
		this.request.addHeader("A", "1234");
		assertThat(resolve(key)).isEqualTo("4");
	}

	@Test
	void thePlaceFollowsFromTheKey() {
		assertThat(this.parser.parse("ip").needsPrincipal()).isFalse();
		assertThat(this.parser.parse("header:A | ip").needsPrincipal()).isFalse();
		assertThat(this.parser.parse("principal | ip").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("path:a + jwt:b").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("#principal.name").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("#request.userPrincipal.name").needsPrincipal()).isTrue();
		assertThat(this.parser.parse("#request.method").needsPrincipal()).isFalse();
	}

	private @Nullable String resolve(RequestKey key) {
		return key.resolve(this.request, Map.of());
	}

}
