package io.ratelimit.sample;

/**
 * Something that somebody wrote.
 *
 * @param text the words
 * @param source who wrote them, and where
 */
record Quote(String text, String source) {

}
