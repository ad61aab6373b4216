package io.ratelimit.sample;

/**
 * A quote for somebody.
 *
 * @param recipient who gets it
 * @param quote what is on it
 */
record Postcard(String recipient, Quote quote) {

}
