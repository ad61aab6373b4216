package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A parameter that a handler binds, in each of the ways in which Spring MVC finds it: by
 * its name, with brackets behind it, as the default of a field, and as a header field
 * where there is none of these.
 */
/*
 * A request that has several different values leaves open which of them the handler
 * takes. All such requests are counted together, so that adding a value gains no new
 * count; and so are those that only a header field may have a value for, since most
 * handlers do not look there, and those whose form is too large to be read.
 */
final class RequestParameter {

	private static final String SEVERAL = "~several~";

	/** What Spring MVC never binds. */
	private static final Set<String> UNBOUND_FIELDS = Set.of("accept", "authorization", "connection", "cookie", "from",
			"host", "origin", "priority", "range", "referer", "upgrade");

	private final String name;

	private final List<String> spellings;

	RequestParameter(String name) {
		this.name = name;
		this.spellings = List.of(name, name + "[]", "!" + name);
	}

	/**
	 * Returns the value, or {@code null} if there is none.
	 */
	@Nullable String value(LimitedRequest request) {
		if (request.isFormTooLarge()) {
			return SEVERAL;
		}
		List<String> values = new ArrayList<>(1);
		for (String spelling : this.spellings) {
			values.addAll(request.parameters(spelling));
		}
		if (values.isEmpty()) {
			return mayBeField(request) ? SEVERAL : null;
		}
		String first = values.get(0);
		for (int i = 1; i < values.size(); i++) {
			if (!KeyForm.folded(values.get(i)).equals(KeyForm.folded(first))) {
				return SEVERAL;
			}
		}
		return first;
	}

	/**
	 * Returns whether a header field has the name of this parameter, with or without
	 * hyphens.
	 */
	private boolean mayBeField(LimitedRequest request) {
		for (String field : request.headerNames()) {
			if (field.replace("-", "").equalsIgnoreCase(this.name)
					&& !UNBOUND_FIELDS.contains(field.toLowerCase(Locale.ROOT))) {
				return true;
			}
		}
		return false;
	}

}
