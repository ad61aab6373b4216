package io.ratelimit.spring.request;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.request.KeyPart.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Reads a key as it is written in configuration: {@code principal | ip},
 * {@code path:tenant + principal}, {@code #request.method}.
 */
final class KeyParser {

	private static final String FORMS = "ip, subnet, principal, session, header:NAME, cookie:NAME, param:NAME, path:VARIABLE, "
			+ "jwt:CLAIM, global, @bean, or an expression that begins with #";

	/** Names of fields and cookies, as RFC 9110 and RFC 6265 define them. */
	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final boolean SECURITY_PRESENT = ClassUtils
		.isPresent("org.springframework.security.oauth2.core.ClaimAccessor", KeyParser.class.getClassLoader());

	private static final String GLOBAL = "global";

	private final KeySettings settings;

	private final Expressions expressions;

	private final Function<String, KeyResolver> beans;

	/**
	 * Creates a parser.
	 * @param beans finds a bean by its name, and throws {@link IllegalArgumentException}
	 * if there is none
	 */
	KeyParser(KeySettings settings, Expressions expressions, Function<String, KeyResolver> beans) {
		this.settings = settings;
		this.expressions = expressions;
		this.beans = beans;
	}

	/**
	 * Reads a key.
	 * @param policy name of the policy that counts by it
	 * @throws IllegalArgumentException if it cannot be read; the message says what can
	 */
	RequestKey parse(String text, String policy) {
		String key = text.strip();
		if (key.isEmpty()) {
			throw new IllegalArgumentException(
					("the key is empty: write %s; in YAML # begins a comment, so put quotes around a key that begins with it, "
							+ "as in key: \"#request.method\"")
						.formatted(FORMS));
		}
		if (key.startsWith("#")) {
			RequestExpression expression = new RequestExpression(key, "The key of policy '" + policy + "':",
					this.expressions, this.settings.requestType());
			KeyPart part = new KeyPart("expression", Kind.EXPRESSION, (request, variables) -> {
				Object value = (NoRequest.is(request) && expression.needsRequest()) ? null
						: expression.evaluate(request, variables);
				return (value != null) ? value.toString() : null;
			}, UnaryOperator.identity(), UnaryOperator.identity(), expression.needsPrincipal());
			return new RequestKey(List.of(List.of(part)));
		}
		List<List<KeyPart>> alternatives = new ArrayList<>();
		for (String alternative : key.split("\\|", -1)) {
			List<KeyPart> parts = new ArrayList<>();
			for (String part : alternative.split("\\+", -1)) {
				parts.add(part(part.strip(), text, policy));
			}
			if (!alternatives.isEmpty() && isCertain(alternatives.get(alternatives.size() - 1))) {
				throw new IllegalArgumentException(
						"'%s' never counts in '%s', since every request has what stands before it: put it first"
							.formatted(alternative.strip(), key));
			}
			alternatives.add(parts);
		}
		return new RequestKey(alternatives);
	}

	KeyPart ip() {
		return address("ip", UnaryOperator.identity(), this.settings.client());
	}

	private KeyPart address(String text, UnaryOperator<String> form, Subnet network) {
		return new KeyPart(text, Kind.ADDRESS, (request, variables) -> {
			this.settings.forwarding().look(request);
			return request.clientAddress();
		}, form, network::typed, false);
	}

	private KeyPart part(String part, String whole, String policy) {
		int colon = part.indexOf(':');
		String form = (colon < 0) ? part : part.substring(0, colon);
		String name = (colon < 0) ? "" : part.substring(colon + 1).strip();
		if (part.startsWith("@")) {
			KeyResolver resolver = this.beans.apply(part.substring(1));
			return new KeyPart(part, Kind.BEAN, new ResolvedKey(resolver, part, policy), UnaryOperator.identity(),
					UnaryOperator.identity(), resolver.needsPrincipal());
		}
		requireToken(form, name.isEmpty() ? "name" : name);
		KeyPart result = name.isEmpty() ? nameless(part, form) : named(part, form, name);
		if (result == null || (colon >= 0 && name.isEmpty())) {
			throw new IllegalArgumentException("'%s' is not a key%s: write %s; join with + and |".formatted(part,
					part.equals(whole.strip()) ? "" : " in '" + whole + "'", FORMS));
		}
		return result;
	}

	private static boolean isCertain(List<KeyPart> parts) {
		return parts.stream().allMatch((part) -> part.kind().isCertain());
	}

	private static void requireToken(String form, String name) {
		boolean field = form.equalsIgnoreCase("header") || form.equalsIgnoreCase("cookie");
		if (field && !TOKEN.matcher(name).matches()) {
			throw new IllegalArgumentException(
					"'%s' cannot be the name of a %s; the first of several keys that is present is written with |, as in header:X-Api-Key | ip"
						.formatted(name, form));
		}
	}

	private @Nullable KeyPart nameless(String part, String form) {
		return switch (form.toLowerCase(Locale.ROOT)) {
			case "ip" -> ip();
			case "subnet" -> address("subnet", this.settings.subnet(), this.settings.subnet());
			case "principal" -> part(part, Kind.PRINCIPAL, KeyParser::principal,
					this.settings.foldPrincipals() ? KeyForm::folded : UnaryOperator.identity());
			case "session" -> part(part, Kind.SESSION, LimitedRequest::sessionId, this.settings.hash()::of);
			case "global" -> new KeyPart(part, Kind.GLOBAL, (request, variables) -> GLOBAL, UnaryOperator.identity(),
					KeyParser::global, false);
			default -> null;
		};
	}

	private @Nullable KeyPart named(String part, String form, String name) {
		return switch (form.toLowerCase(Locale.ROOT)) {
			case "header" -> part(part, Kind.HEADER, (request) -> stripped(request.header(name)),
					(value) -> this.settings.hash().of(KeyForm.field(name, value), value));
			case "cookie" -> part(part, Kind.COOKIE, (request) -> stripped(request.cookie(name)),
					(value) -> this.settings.hash().of(KeyForm.cookie(value), value));
			case "param" -> part(part, Kind.PARAMETER, new RequestParameter(name)::value, KeyForm::folded);
			case "path" -> new KeyPart(part, Kind.PATH, (request, variables) -> variables.get(name), KeyForm::folded,
					KeyForm::folded, false);
			case "jwt" -> part(part, Kind.CLAIM, claim(name), UnaryOperator.identity());
			default -> null;
		};
	}

	private static KeyPart part(String text, Kind kind, KeyResolver resolver, UnaryOperator<String> form) {
		return new KeyPart(text, kind, (request, variables) -> resolver.resolve(request), form, form,
				kind == Kind.PRINCIPAL || kind == Kind.CLAIM);
	}

	private static String global(String text) {
		if (!text.strip().equalsIgnoreCase(GLOBAL)) {
			throw new IllegalArgumentException(
					"'%s' is no key here: all are counted together, as '%s'".formatted(text, GLOBAL));
		}
		return GLOBAL;
	}

	private static @Nullable String principal(LimitedRequest request) {
		Principal principal = request.principal();
		return (principal != null) ? principal.getName() : null;
	}

	private static KeyResolver claim(String name) {
		if (!SECURITY_PRESENT) {
			throw new IllegalArgumentException(
					"a key of jwt:%s needs Spring Security's OAuth2 support on the class path".formatted(name));
		}
		return new JwtClaim(name);
	}

	private static @Nullable String stripped(@Nullable String value) {
		return (value != null) ? value.strip() : null;
	}

}
