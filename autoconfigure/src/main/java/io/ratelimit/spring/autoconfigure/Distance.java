package io.ratelimit.spring.autoconfigure;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * How far two words are from each other, as Levenshtein counts it.
 */
final class Distance {

	private Distance() {
	}

	/**
	 * Returns the known word that a word seems to be a misspelling of.
	 * @param known the known words
	 * @param written the word as it is written
	 * @return the nearest one, or {@code null} if none is near
	 */
	static @Nullable String nearest(Collection<String> known, String written) {
		return known.stream()
			.min(Comparator.comparingInt((word) -> of(word, written)))
			.filter((word) -> isMisspelling(word, written))
			.orElse(null);
	}

	/**
	 * Returns the fewest letters to add, remove or replace.
	 * @param left a word
	 * @param right another one
	 * @return 0 if they are equal
	 */
	static int of(String left, String right) {
		int[] row = IntStream.rangeClosed(0, right.length()).toArray();
		for (int i = 1; i <= left.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= right.length(); j++) {
				int replaced = diagonal + ((left.charAt(i - 1) == right.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[right.length()];
	}

	private static boolean isMisspelling(String known, String written) {
		return of(known, written) <= Math.max(2, known.length() / 3) || known.startsWith(written)
				|| written.startsWith(known);
	}

}
