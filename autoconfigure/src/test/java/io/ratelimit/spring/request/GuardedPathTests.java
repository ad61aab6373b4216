package io.ratelimit.spring.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class GuardedPathTests {

	private static final List<String> PATTERNS = List.of("/", "/a", "/a/b", "/a/*", "/a/**", "/**", "/*/b", "/a?",
			"/a*", "/*a", "/*a*", "/*-*", "/{x}", "/{x}/b", "/{x}-{y}", "/a{x}", "/{x:[ab]+}", "/{x:a|b}/{y}",
			"/{*rest}", "/a/{*rest}", "/{x:[ab]{1,2}}-{y}", "/*.{x:a|b}");

	/**
	 * Spring's own pattern is the reference.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void matchesWhatSpringMatchesWithTheSameVariables(boolean caseSensitive) {
		PathPatternParser parser = new PathPatternParser();
		parser.setCaseSensitive(caseSensitive);
		RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
		for (String text : PATTERNS) {
			GuardedPath guarded = GuardedPath.of(text, parser);
			PathPattern reference = parser.parse(text);
			for (int i = 0; i < 2_000; i++) {
				PathContainer path = PathContainer.parsePath(path(random));
				PathPattern.PathMatchInfo expected = reference.matchAndExtract(path);
				assertThat(guarded.match(path)).as("%s on %s", text, path)
					.isEqualTo((expected != null) ? expected.getUriVariables() : null);
				assertThat(guarded.exempts(path)).as("%s on %s", text, path).isEqualTo(expected != null);
			}
		}
	}

	private static String path(RandomGenerator random) {
		StringBuilder path = new StringBuilder("/");
		for (int length = random.nextInt(8); length > 0; length--) {
			path.append("aAbB/-.".charAt(random.nextInt(7)));
		}
		return path.toString();
	}

	@ParameterizedTest
	@CsvSource({ "/x/*-*-*.zip,-", "/*-*-*-*,-", "/{x:(?:a+)+},a", "/{x:(?:a|aa)*}b,a", "/{x}-{y}-{z}-,-",
			"/{x:(?:a|b|ab)*c},ab", "/*a*a*a*a*b,a", "/{x:.*.*.*.*=},x", "/**,a/", "/{*rest},a/", "/a/**,%61" })
	void anyPathIsMatchedInBoundedTime(String pattern, String unit) {
		GuardedPath guarded = GuardedPath.of(pattern, PathPatternParser.defaultInstance);
		String prefix = pattern.startsWith("/x/") ? "/x/" : "/";
		for (String end : List.of("", "!")) {
			PathContainer path = PathContainer
				.parsePath(prefix + unit.repeat((8192 - prefix.length()) / unit.length()) + end);
			// a few milliseconds each; a backtracking matcher would take minutes
			assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
				for (int i = 0; i < 100; i++) {
					guarded.match(path);
					guarded.exempts(path);
				}
			});
		}
	}

	@Test
	void whatCannotBeDecidedIsLimitedAndNotExempt() {
		GuardedPath guarded = GuardedPath.of("/x/{name:(?:a+)+}/{id}", PathPatternParser.defaultInstance);
		PathContainer path = PathContainer.parsePath("/x/" + "a".repeat(300) + "/7");
		assertThat(guarded.match(path)).isEqualTo(Map.of("id", "7"));
		assertThat(guarded.exempts(path)).isFalse();
		assertThat(guarded.match(PathContainer.parsePath("/x/aaa/7"))).isEqualTo(Map.of("name", "aaa", "id", "7"));
		assertThat(guarded.match(PathContainer.parsePath("/x/aab/7"))).isNull();
	}

	@Test
	void aConditionThatCapturesGroupsIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> GuardedPath.of("/{x:(a)+}", PathPatternParser.defaultInstance))
			.withMessageContaining("(?:");
		assertThatThrownBy(() -> GuardedPath.of("/{x:[}", PathPatternParser.defaultInstance)).isNotNull();
	}

	@Test
	void variablesAreKnownByTheirWholeNames() {
		GuardedPath guarded = GuardedPath.of("/t/{tenantId}/{a}-{b:\\d+}/{*rest}", PathPatternParser.defaultInstance);
		assertThat(List.of("tenantId", "a", "b", "rest")).allMatch(guarded::hasVariable);
		assertThat(List.of("tenant", "id", "d", "__0")).noneMatch(guarded::hasVariable);
	}

}
