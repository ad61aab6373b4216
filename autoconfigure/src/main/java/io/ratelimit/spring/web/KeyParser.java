package io.ratelimit.spring.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import io.ratelimit.spring.expression.Expressions;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.web.util.WebUtils;

/**
 * Reads a key as it is written in configuration: {@code principal | ip},
 * {@code path:tenant + principal}, {@code #request.method}.
 */
final class KeyParser {

	private static final String FORMS = "ip, principal, session, header:NAME, cookie:NAME, param:NAME, path:VARIABLE, "
			+ "jwt:CLAIM, global, @bean, or an expression that begins with #";

	private static final boolean SECURITY_PRESENT = ClassUtils
		.isPresent("org.springframework.security.oauth2.core.ClaimAccessor", KeyParser.class.getClassLoader());

	private final ClientAddress clientAddress;

	private final Expressions expressions;

	private final Function<String, KeyResolver> beans;

	/**
	 * Makes a parser.
	 * @param beans finds a bean by its name, and throws {@link IllegalArgumentException}
	 * if there is none
	 */
	KeyParser(ClientAddress clientAddress, Expressions expressions, Function<String, KeyResolver> beans) {
		this.clientAddress = clientAddress;
		this.expressions = expressions;
		this.beans = beans;
	}

	/**
	 * Reads a key.
	 * @throws IllegalArgumentException if it cannot be read; the message says what can
	 */
	RequestKey parse(String text) {
		String key = text.strip();
		if (key.startsWith("#")) {
			RequestExpression expression = new RequestExpression(key, this.expressions, this.clientAddress);
			KeyPart part = new KeyPart("expression", (request, variables) -> {
				Object value = expression.evaluate(request, variables);
				return (value != null) ? value.toString() : null;
			}, expression.needsPrincipal(), false);
			return new RequestKey(List.of(List.of(part)));
		}
		List<List<KeyPart>> alternatives = new ArrayList<>();
		for (String alternative : key.split("\\|", -1)) {
			List<KeyPart> parts = new ArrayList<>();
			for (String part : alternative.split("\\+", -1)) {
				parts.add(part(part.strip(), text));
			}
			alternatives.add(parts);
		}
		return new RequestKey(alternatives);
	}

	KeyPart ip() {
		return KeyPart.of("ip", this.clientAddress::of).always();
	}

	private KeyPart part(String part, String whole) {
		int colon = part.indexOf(':');
		String form = (colon < 0) ? part : part.substring(0, colon);
		String name = (colon < 0) ? "" : part.substring(colon + 1).strip();
		if (part.startsWith("@")) {
			return KeyPart.of(part, this.beans.apply(part.substring(1)));
		}
		KeyPart result = name.isEmpty() ? nameless(part, form) : named(part, form, name);
		if (result == null || (colon >= 0 && name.isEmpty())) {
			throw new IllegalArgumentException("'%s' is not a key%s: write %s; join with + and |".formatted(part,
					part.equals(whole.strip()) ? "" : " in '" + whole + "'", FORMS));
		}
		return result;
	}

	private @Nullable KeyPart nameless(String part, String form) {
		return switch (form.toLowerCase(Locale.ROOT)) {
			case "ip" -> ip();
			case "principal" -> KeyPart.of(part, KeyParser::principal).behindSecurity();
			case "session" -> KeyPart.of(part, KeyParser::session);
			case "global" -> KeyPart.of(part, (request) -> "global").always();
			default -> null;
		};
	}

	private @Nullable KeyPart named(String part, String form, String name) {
		return switch (form.toLowerCase(Locale.ROOT)) {
			case "header" -> KeyPart.of(part, (request) -> stripped(request.getHeader(name)));
			case "cookie" -> KeyPart.of(part, (request) -> cookie(request, name));
			case "param" -> KeyPart.of(part, (request) -> parameter(request, name));
			case "path" -> new KeyPart(part, (request, variables) -> variables.get(name), false, false);
			case "jwt" -> KeyPart.of(part, claim(name)).behindSecurity();
			default -> null;
		};
	}

	private static @Nullable String principal(HttpServletRequest request) {
		Principal principal = request.getUserPrincipal();
		return (principal != null) ? principal.getName() : null;
	}

	private static @Nullable String session(HttpServletRequest request) {
		HttpSession session = request.getSession(false);
		return (session != null) ? session.getId() : null;
	}

	private static @Nullable String cookie(HttpServletRequest request, String name) {
		Cookie cookie = WebUtils.getCookie(request, name);
		return (cookie != null) ? stripped(cookie.getValue()) : null;
	}

	/**
	 * Reads the query string and, for a form only, the body: any other body must be left
	 * for the handler to read.
	 */
	private static @Nullable String parameter(HttpServletRequest request, String name) {
		String contentType = request.getContentType();
		if (contentType != null
				&& contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
			return stripped(request.getParameter(name));
		}
		String query = request.getQueryString();
		if (query == null) {
			return null;
		}
		for (String pair : query.split("&", -1)) {
			int equals = pair.indexOf('=');
			if (equals >= 0 && name.equals(decoded(pair.substring(0, equals)))) {
				return stripped(decoded(pair.substring(equals + 1)));
			}
		}
		return null;
	}

	private static String decoded(String text) {
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return text; // not encoded as it should be
		}
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
