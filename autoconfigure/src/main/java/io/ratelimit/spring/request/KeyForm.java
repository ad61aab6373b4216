package io.ratelimit.spring.request;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.web.util.UriUtils;

/**
 * Brings the spellings of a value to one form, so that a client cannot be counted anew by
 * writing the same value in another way.
 */
final class KeyForm {

	private static final int LONGEST_UUID = 36;

	private static final int LONGEST_DECIMAL = 64;

	/** A number with a fraction or an exponent, and the suffix that Java allows. */
	private static final Pattern DECIMAL = Pattern
		.compile("([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)[dDfF]?");

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
		return unspelled(text);
	}

	/**
	 * Returns the form of a header field: without blanks around it, numbers and UUIDs as
	 * Java reads them, and credentials without the spelling of their scheme.
	 */
	static String field(String name, String value) {
		String text = stripped(value);
		if (!name.equalsIgnoreCase("Authorization") && !name.equalsIgnoreCase("Proxy-Authorization")) {
			return unspelled(text);
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
	 * Returns the form of a cookie, which Spring MVC hands to a handler decoded.
	 */
	static String cookie(String value) {
		String text = value;
		try {
			text = UriUtils.decode(value, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			// not encoded
		}
		return unspelled(stripped(text));
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
		return stripped(Normalizer.normalize(shown, Normalizer.Form.NFKC));
	}

	/**
	 * Returns a text without the characters at both ends that some of Java's methods take
	 * for blanks.
	 */
	private static String stripped(String text) {
		int start = 0;
		int end = text.length();
		while (start < end && isBlank(text.charAt(start))) {
			start++;
		}
		while (start < end && isBlank(text.charAt(end - 1))) {
			end--;
		}
		return text.substring(start, end);
	}

	private static boolean isBlank(char character) {
		return character <= ' ' || Character.isWhitespace(character) || Character.isSpaceChar(character)
				|| Character.isISOControl(character);
	}

	/**
	 * Returns a number or a UUID in one spelling, and anything else as it is.
	 */
	private static String unspelled(String text) {
		if (text.isEmpty()) {
			return text;
		}
		char first = text.charAt(0);
		return ("+-#.".indexOf(first) >= 0 || Character.digit(first, 16) >= 0) ? numberOrUuid(text) : text;
	}

	private static String numberOrUuid(String text) {
		String compact = withoutBlanks(text);
		boolean negative = compact.startsWith("-");
		String unsigned = (negative || compact.startsWith("+")) ? compact.substring(1) : compact;
		if (isNumber(unsigned, 10)) {
			return number(negative, unsigned, 10);
		}
		String hexadecimal = unsigned.startsWith("0x") || unsigned.startsWith("0X") ? unsigned.substring(2)
				: unsigned.startsWith("#") ? unsigned.substring(1) : "";
		if (hexadecimal.startsWith("+") || hexadecimal.startsWith("-")) {
			negative ^= hexadecimal.startsWith("-");
			hexadecimal = hexadecimal.substring(1);
		}
		if (isNumber(hexadecimal, 16)) {
			return number(negative, hexadecimal, 16);
		}
		Matcher decimal = (compact.length() <= LONGEST_DECIMAL) ? DECIMAL.matcher(compact) : null;
		if (decimal != null && decimal.matches()) {
			return decimal(decimal.group(1));
		}
		return (compact.length() <= LONGEST_UUID && isNumber(compact.replaceAll("[+-]", ""), 16)) ? uuid(compact, text)
				: text;
	}

	private static String withoutBlanks(String text) {
		StringBuilder compact = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			if (!isBlank(text.charAt(i))) {
				compact.append(text.charAt(i));
			}
		}
		return compact.toString();
	}

	private static String decimal(String number) {
		BigDecimal value = new BigDecimal(number);
		return (value.signum() == 0) ? "0" : value.stripTrailingZeros().toPlainString();
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

	private static String uuid(String compact, String text) {
		try {
			return UUID.fromString(compact).toString();
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

}
