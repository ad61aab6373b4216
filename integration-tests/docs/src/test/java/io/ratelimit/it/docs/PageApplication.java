package io.ratelimit.it.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.ratelimit.harness.Application;

/**
 * An application that is configured as a page of the documentation says.
 */
final class PageApplication {

	private PageApplication() {
	}

	/**
	 * Starts an application.
	 * @param yaml its configuration
	 * @param directory where a file of it is put
	 * @param properties further properties
	 */
	static Application start(Class<?> configuration, String yaml, Path directory, String... properties)
			throws IOException {
		Path file = Files.writeString(directory.resolve("application-page.yaml"), yaml);
		return Application.start(configuration,
				Stream.concat(Stream.of("spring.config.additional-location=" + file.toUri()), Stream.of(properties))
					.toArray(String[]::new));
	}

}
