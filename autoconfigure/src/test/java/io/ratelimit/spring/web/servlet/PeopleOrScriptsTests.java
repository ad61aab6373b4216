package io.ratelimit.spring.web.servlet;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * People are answered by a page, and scripts by data.
 */
class PeopleOrScriptsTests {

	@ParameterizedTest
	@ValueSource(strings = { "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
			"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
			"text/html", "TEXT/HTML; q=0.5", "application/xhtml+xml", "application/json;q=0.8, text/html;q=0.9",
			"text/html, application/json;q=0", "text/html, */*;q=0.1", "text/*" })
	void aBrowserPrefersAPage(String accept) {
		assertThat(PeopleOrScripts.prefersPage(List.of(accept))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "*/*", "application/json", "application/problem+json", "application/json, text/html",
			"text/html, application/json", "text/html, */*", "text/plain", "text/html;q=0, */*", "", "nonsense",
			"application/json, text/plain, */*", "text/html;q=0.5, application/problem+json" })
	void aScriptPrefersData(String accept) {
		assertThat(PeopleOrScripts.prefersPage(List.of(accept))).isFalse();
	}

	@Test
	void fieldsOnSeveralLinesAreOneList() {
		assertThat(PeopleOrScripts.prefersPage(List.of())).isFalse();
		assertThat(PeopleOrScripts.prefersPage(List.of("text/html", "*/*;q=0.8"))).isTrue();
		assertThat(PeopleOrScripts.prefersPage(List.of("text/html", "application/json"))).isFalse();
	}

}
