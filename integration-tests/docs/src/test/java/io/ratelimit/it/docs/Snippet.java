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
 * @param language what the page says it is written in; empty if nothing
 * @param text the code
 */
record Snippet(String place, String language, String text) {

	static final Path ROOT = Path.of("../..").normalize();

	private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

	/**
	 * Returns all blocks of a language.
	 */
	static Stream<Snippet> in(String language) {
		return pages().flatMap((page) -> of(page).stream()).filter((snippet) -> snippet.language.equals(language));
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
			long line = 1 + text.substring(0, matcher.start()).lines().count();
			snippets.add(new Snippet(ROOT.relativize(page) + ":" + line, matcher.group(1), matcher.group(2)));
		}
		return snippets;
	}

	@Override
	public String toString() {
		return this.place;
	}

}
