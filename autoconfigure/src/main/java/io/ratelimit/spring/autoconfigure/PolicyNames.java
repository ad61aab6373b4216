package io.ratelimit.spring.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.spring.autoconfigure.WrittenSource.Kind;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.origin.Origin;

/**
 * The names of the policies, each in one spelling: as it is declared, however it is
 * overridden.
 */
final class PolicyNames {

	private final Map<String, Spelling> spellings = new HashMap<>();

	private PolicyNames() {
	}

	/**
	 * Finds the names in sources.
	 * @throws InvalidRateLimitException if two declared names are one to Spring Boot
	 */
	static PolicyNames of(List<WrittenSource> sources) {
		PolicyNames names = new PolicyNames();
		for (Kind kind : Kind.values()) {
			sources.stream().filter((source) -> source.kind() == kind).forEach(names::add);
		}
		return names;
	}

	private void add(WrittenSource source) {
		Map<String, Spelling> here = new HashMap<>();
		for (ConfigurationPropertyName name : source.names()) {
			if (WrittenSource.POLICIES.isAncestorOf(name)) {
				Spelling spelling = new Spelling(name.getElement(2, Form.ORIGINAL), source.property(name));
				String identity = identity(name, source.kind());
				requireSame(here.putIfAbsent(identity, spelling), spelling);
				Spelling declared = this.spellings.putIfAbsent(identity, spelling);
				if (source.kind() == Kind.DECLARING) {
					requireSame(declared, spelling);
				}
			}
		}
	}

	private static void requireSame(@Nullable Spelling one, Spelling other) {
		if (one != null && !one.text().equals(other.text())) {
			throw new InvalidRateLimitException("ratelimit.policies." + other.text() + place(other),
					"the policies '%s'%s and '%s' are one to Spring Boot, which compares letters and digits only"
						.formatted(one.text(), place(one), other.text()),
					"Spell the name alike everywhere, or rename one of the policies.");
		}
	}

	private static String place(Spelling spelling) {
		Origin origin = spelling.property().getOrigin();
		return (origin != null) ? " (" + origin + ")" : "";
	}

	/**
	 * Returns the spelling of the policy that a property belongs to.
	 * @param name a name below {@code ratelimit.policies}
	 */
	String of(ConfigurationPropertyName name, Kind kind) {
		Spelling spelling = this.spellings.get(identity(name, kind));
		return (spelling != null) ? spelling.text() : name.getElement(2, Form.ORIGINAL);
	}

	private String identity(ConfigurationPropertyName name, Kind kind) {
		String text = name.getElement(2, Form.ORIGINAL);
		String uniform = PropertyNames.uniform(text);
		if (kind == Kind.ENVIRONMENT && !this.spellings.containsKey(uniform)) {
			return this.spellings.keySet()
				.stream()
				.filter((known) -> PropertyNames.uniform(known).equals(uniform))
				.findFirst()
				.orElse(uniform);
		}
		boolean exact = name.chop(3).isLastElementIndexed() && kind != Kind.ENVIRONMENT;
		return (exact && !text.equals(uniform)) ? "[" + text + "]" : uniform;
	}

	/**
	 * A name as it is written.
	 *
	 * @param property where it is written
	 */
	private record Spelling(String text, ConfigurationProperty property) {
	}

}
