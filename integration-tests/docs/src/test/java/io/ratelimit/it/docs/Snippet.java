package io.ratelimit.it.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A block of code in the documentation.
 *
 * @param place page and line
 * @param heading the nearest heading above it
 * @param language what the page says it is written in; empty if nothing
 * @param text the code
 */
record Snippet(String place, String heading, String language, String text) {

	static final Path ROOT = Path.of("../..").normalize();

	private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

	/**
	 * Returns all blocks of a language.
	 */
	static Stream<Snippet> in(String language) {
		return pages().flatMap((page) -> of(page).stream()).filter((snippet) -> snippet.language.equals(language));
	}

	/**
	 * Returns the only block of a language under a heading.
	 * @param page name of a how-to page
	 */
	static Snippet under(String page, String heading, String language) {
		List<Snippet> found = of(ROOT.resolve("docs/how-to").resolve(page)).stream()
			.filter((snippet) -> snippet.heading.equals(heading) && snippet.language.equals(language))
			.toList();
		if (found.size() != 1) {
			throw new IllegalArgumentException(
					"%d blocks of %s under '%s' in %s".formatted(found.size(), language, heading, page));
		}
		return found.get(0);
	}

	private static Stream<Path> pages() {
		try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
			List<Path> pages = docs.filter((page) -> page.toString().endsWith(".md"))
				.filter((page) -> !page.getParent().endsWith("decisions"))
				.sorted()
				.toList();
			return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages.stream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Snippet> of(Path page) {
		String text;
		try {
			text = Files.readString(page);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		List<Snippet> snippets = new ArrayList<>();
		Matcher matcher = BLOCK.matcher(text);
		while (matcher.find()) {
			String above = text.substring(0, matcher.start());
			String heading = HEADING.matcher(above)
				.results()
				.map((result) -> result.group(1))
				.reduce("", (former, next) -> next);
			snippets.add(new Snippet(ROOT.relativize(page) + ":" + (1 + above.lines().count()), heading,
					matcher.group(1), matcher.group(2)));
		}
		return snippets;
	}

	@Override
	public String toString() {
		return this.place;
	}

}
