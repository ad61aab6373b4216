package io.ratelimit.spring.web;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;

/**
 * Brings the spellings of a value to one form, so that a client cannot be counted anew by
 * writing the same value in another way.
 */
final class KeyForm {

	private static final int LONGEST_UUID = 36;

	/** Digits of what Java reads as a number written in them. */
	private static final int LONGEST_HEXADECIMAL = 16;

	private KeyForm() {
	}

	/**
	 * Returns the form of a name or number that a client has typed: without blanks around
	 * it, NFKC, lower case; whole numbers and UUIDs as Java reads them.
	 */
	static String folded(String value) {
		String text = isFolded(value) ? value : fold(value);
		if (text.isEmpty()) {
			return text;
		}
		char first = text.charAt(0);
		return ("+-#".indexOf(first) >= 0 || Character.digit(first, 16) >= 0) ? numberOrUuid(text) : text;
	}

	/**
	 * Returns the form of a header field: without blanks around it, and credentials
	 * without the spelling of their scheme.
	 */
	static String field(String name, String value) {
		String text = value.strip();
		if (!name.equalsIgnoreCase("Authorization") && !name.equalsIgnoreCase("Proxy-Authorization")) {
			return text;
		}
		int blank = text.indexOf(' ');
		if (blank < 0) {
			return text;
		}
		String scheme = text.substring(0, blank).toLowerCase(Locale.ROOT);
		String credentials = text.substring(blank).strip();
		return scheme + " " + (scheme.equals("basic") ? decoded(credentials) : credentials);
	}

	/**
	 * Credentials in Base64 can be written with padding or without, and with any of
	 * several last digits.
	 */
	private static String decoded(String credentials) {
		try {
			return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return credentials;
		}
	}

	private static boolean isFolded(String value) {
		for (int i = 0; i < value.length(); i++) {
			char character = value.charAt(i);
			if (character <= ' ' || character >= 127 || (character >= 'A' && character <= 'Z')) {
				return false;
			}
		}
		return true;
	}

	/*
	 * By upper case, since some letters become equal only there: ß and SS, the two small
	 * sigmas. Characters that are not shown at all are left out.
	 */
	private static String fold(String value) {
		String text = Normalizer.normalize(value, Normalizer.Form.NFKC)
			.toLowerCase(Locale.ROOT)
			.toUpperCase(Locale.ROOT)
			.toLowerCase(Locale.ROOT);
		StringBuilder shown = new StringBuilder(text.length());
		text.codePoints()
			.filter((character) -> Character.getType(character) != Character.FORMAT)
			.forEach(shown::appendCodePoint);
		return Normalizer.normalize(shown, Normalizer.Form.NFKC).strip();
	}

	private static String numberOrUuid(String text) {
		String compact = text.replaceAll("\\s", "");
		boolean negative = compact.startsWith("-");
		String unsigned = (negative || compact.startsWith("+")) ? compact.substring(1) : compact;
		if (isNumber(unsigned, 10)) {
			return number(negative, unsigned, 10);
		}
		String hexadecimal = unsigned.startsWith("0x") ? unsigned.substring(2)
				: unsigned.startsWith("#") ? unsigned.substring(1) : "";
		if (isNumber(hexadecimal, 16)) {
			return number(negative, hexadecimal, 16);
		}
		return (text.length() <= LONGEST_UUID && isNumber(unsigned.replace("-", ""), 16)) ? uuid(text) : text;
	}

	/**
	 * Returns whether there are digits only, of any script, as Java's own parsers read
	 * them.
	 */
	private static boolean isNumber(String text, int radix) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.digit(text.charAt(i), radix) < 0) {
				return false;
			}
		}
		return !text.isEmpty();
	}

	private static String number(boolean negative, String digits, int radix) {
		StringBuilder number = new StringBuilder(digits.length());
		for (int i = 0; i < digits.length(); i++) {
			int digit = Character.digit(digits.charAt(i), radix);
			if (digit != 0 || !number.isEmpty()) {
				number.append(Character.forDigit(digit, radix));
			}
		}
		if (number.isEmpty()) {
			return "0";
		}
		String absolute = (radix == 10 || number.length() > LONGEST_HEXADECIMAL) ? number.toString()
				: new BigInteger(number.toString(), radix).toString();
		return negative ? "-" + absolute : absolute;
	}

	private static String uuid(String text) {
		try {
			return UUID.fromString(text).toString();
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

}
