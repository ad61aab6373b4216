package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ratelimit.spring.expression.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * The key that a policy counts by: the first of several alternatives that is present.
 */
/*
 * Keys of different alternatives must not meet, or a caller could spend a stranger's
 * permits by writing that stranger's address into a header. A value of the first
 * alternative stands as it is; those of the others, and hashes, begin with a tilde and
 * say what they are: ~ip~203.0.113.7. A value that begins with a tilde by itself gets
 * another one. The parts of a compound are written with their lengths.
 */
final class RequestKey {

	/** Stands before each part of a compound. */
	private static final Pattern LENGTH = Pattern.compile("([0-9]{1,9}):");

	private final List<List<KeyPart>> alternatives;

	private final List<String> prefixes;

	RequestKey(List<List<KeyPart>> alternatives) {
		this.alternatives = List.copyOf(alternatives);
		this.prefixes = alternatives.stream()
			.map((parts) -> "~" + String.join("+", parts.stream().map(KeyPart::text).toList()) + "~")
			.toList();
	}

	/**
	 * Returns the key of a request, or {@code null} if it has none.
	 */
	@Nullable String resolve(LimitedRequest request, Map<String, String> variables) {
		for (int i = 0; i < this.alternatives.size(); i++) {
			List<KeyPart> parts = this.alternatives.get(i);
			String value = (parts.size() == 1) ? parts.get(0).value(request, variables)
					: compound(parts, request, variables);
			if (value != null && !value.isEmpty()) {
				return key(i, value);
			}
		}
		return null;
	}

	private String key(int alternative, String value) {
		return Expressions
			.boundedKey((alternative == 0) ? Expressions.escapedKey(value) : this.prefixes.get(alternative) + value);
	}

	/**
	 * Returns the key that a person means: a value of the first alternative; that of
	 * another one behind its name, as in {@code ip=203.0.113.7}; of a compound the values
	 * of its parts, as in {@code acme + 203.0.113.7}; or a key as it is counted.
	 * @throws IllegalArgumentException if a compound has another number of parts, or a
	 * part cannot have the value
	 */
	String typed(String text) {
		if (text.startsWith("~") || KeyHash.isHash(text)) {
			return text;
		}
		for (int i = 0; i < this.alternatives.size(); i++) {
			String name = String.join(" + ", this.alternatives.get(i).stream().map(KeyPart::text).toList()) + "=";
			if (text.startsWith(name)) {
				return key(i, typed(this.alternatives.get(i), text.substring(name.length())));
			}
		}
		List<KeyPart> first = this.alternatives.get(0);
		return (first.size() > 1 && isCompound(first.size(), text)) ? text : key(0, typed(first, text));
	}

	boolean needsPrincipal() {
		return any(KeyPart::needsPrincipal);
	}

	/**
	 * Returns whether there is such a key only where users are authenticated. Resolvers
	 * of the application are not asked for that.
	 */
	boolean needsAuthentication() {
		return any((part) -> part.needsPrincipal() && part.kind() != KeyPart.Kind.BEAN);
	}

	boolean usesAddress() {
		return any((part) -> part.kind() == KeyPart.Kind.ADDRESS);
	}

	boolean readsParameters() {
		return any((part) -> part.kind().readsParameters());
	}

	/**
	 * Returns whether a client can pose as another one by inventing a value: all parts of
	 * one of the alternatives are unchecked.
	 */
	boolean isUnchecked() {
		return this.alternatives.stream()
			.anyMatch((parts) -> parts.stream().anyMatch((part) -> part.kind().isUnchecked())
					&& parts.stream().allMatch((part) -> part.kind().isUnchecked() || part.kind().isCertain()));
	}

	/**
	 * Returns whether every request has this key.
	 */
	boolean certain() {
		return this.alternatives.stream()
			.anyMatch((parts) -> parts.stream().allMatch((part) -> part.kind().isCertain()));
	}

	RequestKey or(KeyPart part) {
		List<List<KeyPart>> alternatives = new ArrayList<>(this.alternatives);
		alternatives.add(List.of(part));
		return new RequestKey(alternatives);
	}

	private boolean any(Predicate<KeyPart> condition) {
		return this.alternatives.stream().flatMap(List::stream).anyMatch(condition);
	}

	private static String typed(List<KeyPart> parts, String text) {
		if (parts.size() == 1) {
			return parts.get(0).typed(text);
		}
		String[] values = text.split(" \\+ ", -1);
		if (values.length != parts.size()) {
			throw new IllegalArgumentException("'%s' is not the parts of a key, as in %s".formatted(text,
					String.join(" + ", parts.stream().map(KeyPart::text).toList())));
		}
		StringBuilder compound = new StringBuilder();
		for (int i = 0; i < values.length; i++) {
			append(compound, parts.get(i).typed(values[i].strip()));
		}
		return compound.toString();
	}

	/**
	 * Returns whether a text is a compound as it is counted, with a number of parts.
	 */
	private static boolean isCompound(int parts, String text) {
		Matcher length = LENGTH.matcher(text);
		int end = 0;
		for (int i = 0; i < parts; i++) {
			if (!length.find(end) || length.start() != end) {
				return false;
			}
			end = Math.min(text.length(), length.end() + Integer.parseInt(length.group(1)));
		}
		return end == text.length();
	}

	private static void append(StringBuilder compound, String value) {
		compound.append(value.length()).append(':').append(value);
	}

	private static @Nullable String compound(List<KeyPart> parts, LimitedRequest request,
			Map<String, String> variables) {
		StringBuilder compound = new StringBuilder();
		for (KeyPart part : parts) {
			String value = part.value(request, variables);
			if (value == null || value.isEmpty()) {
				return null;
			}
			append(compound, value);
		}
		return compound.toString();
	}

}
