package io.ratelimit.spring.request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a pattern and the path of an operation have in common.
 */
class PathTemplateTests {

	private final PathPatternParser parser = new PathPatternParser();

	@ParameterizedTest
	@CsvSource({ "/a, /a, true, true", "/a, /b, false, false", "/a/{id}, /a/*, true, true",
			"/a/{id}, /a/b, true, false", "/a/{id}, /a, false, false", "/a/{id}, /a/**, true, true",
			"/a/{id}/c, /a/*, false, false", "/a/{id}/c, /*/b/{x}, true, false", "/a/{id}/c, /*/b/d, false, false",
			"/a/{id}, /a/{n:[0-9]+}, true, false", "/a/b, /a/{n:[0-9]+}, false, false",
			"/a/7, /a/{n:[0-9]+}, true, true", "/a/{name}.{type}, /a/x.txt, true, false",
			"/a/{name}.{type}, /a/x, false, false", "/a/{name}.txt, /a/*.txt, true, true",
			"/a/{*rest}, /a/b/c, true, false", "/a/{*rest}, /b/**, false, false", "/a, /a/**, true, true",
			"/{x}/b, /a/**, true, false", "/{x}, /a/b/**, false, false", "/A/{id}, /a/b, false, false",
			"/a/{id}, /{*all}, true, true", "/, /**, true, true" })
	void operationsOverlapWithPatternsAndLieWithinThem(String template, String pattern, boolean overlaps,
			boolean within) {
		PathTemplate operation = new PathTemplate(template, this.parser);
		GuardedPath path = GuardedPath.of(pattern, this.parser);
		assertThat(operation.overlaps(path)).isEqualTo(overlaps);
		assertThat(operation.isWithin(path)).isEqualTo(within);
	}

	@ParameterizedTest
	@CsvSource({ "/A/{id}, /a/b", "/a/{name}.TXT, /A/x.txt" })
	void caseCountsAsTheApplicationSays(String template, String pattern) {
		this.parser.setCaseSensitive(false);
		assertThat(new PathTemplate(template, this.parser).overlaps(GuardedPath.of(pattern, this.parser))).isTrue();
	}

}
