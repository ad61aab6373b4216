package io.ratelimit.spring.autoconfigure;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What editors know of properties.
 */
class PropertyMetadataTests {

	@Test
	void everyPropertyIsDescribedForTheEditor() throws Exception {
		try (InputStream metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json")
			.getInputStream()) {
			String text = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
			assertThat(text.split("\"sourceType\"", -1).length).isGreaterThan(20);
			assertThat(text.split("\"description\"", -1).length - 1)
				.isGreaterThanOrEqualTo(text.split("\"name\": \"ratelimit\\.", -1).length - 1 - 10);
			assertThat(text).contains("ratelimit.policies", "header:X-Api-Key", "x-ratelimit");
		}
	}

	@Test
	void everyHintNamesAProperty() throws Exception {
		try (InputStream metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json")
			.getInputStream()) {
			String text = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
			int hints = text.indexOf("\"hints\"");
			assertThat(names(text.substring(hints))).isNotEmpty()
				.allSatisfy((hint) -> assertThat(names(text.substring(0, hints)))
					.contains(hint.replaceAll("\\.keys$", "")));
		}
	}

	private static List<String> names(String metadata) {
		return Pattern.compile("\"name\": \"(ratelimit[^\"]*)\"")
			.matcher(metadata)
			.results()
			.map((match) -> match.group(1))
			.toList();
	}

}
