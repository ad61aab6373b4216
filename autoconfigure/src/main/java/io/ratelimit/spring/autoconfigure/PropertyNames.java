package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/**
 * The names that properties can have, as features declare them.
 */
final class PropertyNames {

	private PropertyNames() {
	}

	/**
	 * Refuses properties that are not known, wherever they are written.
	 * @throws InvalidRateLimitException if there is one; the message names all of them
	 */
	static void requireKnown(List<WrittenSource> sources) {
		Set<String> unknown = new TreeSet<>();
		Set<String> actions = new TreeSet<>();
		for (WrittenSource source : sources) {
			for (ConfigurationPropertyName name : source.names()) {
				ConfigurationProperty property = source.property(name);
				requireName(name, property);
				Unknown found = unknown(name);
				if (found != null && !isEmptyBlock(property, found)) {
					unknown.add(WrittenSource.quoted(property));
					actions.add(found.action(name, WrittenSource.variable(property)));
				}
			}
		}
		if (!unknown.isEmpty()) {
			throw new InvalidRateLimitException(String.join(", ", unknown),
					"there is no such property. A limit that is misspelt would be no limit, so nothing is ignored",
					String.join(" ", actions));
		}
	}

	/**
	 * Refuses what belongs into a policy and stands where policies have their names. A
	 * policy that is called like one of these properties needs its long form.
	 */
	private static void requireName(ConfigurationPropertyName name, ConfigurationProperty property) {
		if (WrittenSource.POLICIES.isParentOf(name)
				&& PropertyTypes.ofPolicy().contains(name.getElement(2, Form.DASHED))) {
			throw new InvalidRateLimitException(WrittenSource.quoted(property),
					"the policy has no name, or one without letters and digits of ASCII",
					"Write its name before it, as in ratelimit.policies.api.%s."
						.formatted(name.getElement(2, Form.DASHED)));
		}
	}

	/**
	 * Returns whether a name stands for a block of properties, so that it has no value.
	 */
	static boolean isBlock(ConfigurationPropertyName name) {
		Unknown unknown = unknown(name);
		return unknown != null && unknown.index() == name.getNumberOfElements();
	}

	private static boolean isEmptyBlock(ConfigurationProperty property, Unknown unknown) {
		return unknown.index() == property.getName().getNumberOfElements()
				&& String.valueOf(property.getValue()).isBlank();
	}

	private static @Nullable Unknown unknown(ConfigurationPropertyName name) {
		if (WrittenSource.POLICIES.isAncestorOf(name) && name.isNumericIndex(2)
				&& name.getElement(2, Form.ORIGINAL).equals("0")) {
			return new Unknown(2, List.of(), Map.class);
		}
		List<ResolvableType> types = PropertyTypes.roots();
		for (int i = 1; i < name.getNumberOfElements(); i++) {
			List<ResolvableType> next = PropertyTypes.below(types, name, i);
			if (next.isEmpty()) {
				return unknown(i, types);
			}
			types = next;
		}
		return PropertyTypes.isBlock(PropertyTypes.raw(types.get(0))) ? unknown(name.getNumberOfElements(), types)
				: null;
	}

	private static Unknown unknown(int index, List<ResolvableType> within) {
		return new Unknown(index, PropertyTypes.names(within), PropertyTypes.raw(within.get(0)));
	}

	/**
	 * Returns a name as Spring Boot compares it.
	 */
	static String uniform(String name) {
		StringBuilder uniform = new StringBuilder(name.length());
		for (char letter : name.toLowerCase(Locale.ROOT).toCharArray()) {
			if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
				uniform.append(letter);
			}
		}
		return uniform.toString();
	}

	/**
	 * What is not known of a name.
	 *
	 * @param index the first element that is not known
	 * @param known what is known in its place
	 * @param within the type that has no such element
	 */
	private record Unknown(int index, List<String> known, Class<?> within) {

		String action(ConfigurationPropertyName name, @Nullable String variable) {
			if (this.within == Map.class) {
				return "Policies are a map: write the name of each as a key, as in ratelimit.policies.api.limits.";
			}
			if (this.index == name.getNumberOfElements()) {
				return "Below %s there can be %s.".formatted(name, String.join(", ", this.known));
			}
			String element = name.getElement(this.index, Form.DASHED);
			if (this.within == List.class && !name.isNumericIndex(this.index)) {
				return "The long form of a limit is an element of a list, which has %s: write %s[0].%s; in YAML, begin it with a dash."
					.formatted(String.join(", ", PropertyTypes.ofLimit()), name.chop(this.index), element);
			}
			if (name.isNumericIndex(this.index) && PropertyTypes.isPolicy(this.within)) {
				return "The limits of a policy are a list, and a policy is none: write %s.limits[0]."
					.formatted(name.chop(this.index));
			}
			if (name.isNumericIndex(this.index) && PropertyTypes.isBlock(this.within)) {
				return "%s is a block and no list: below it there can be %s.".formatted(name.chop(this.index),
						String.join(", ", this.known));
			}
			if (name.isNumericIndex(this.index)) {
				return "%s is one value and no list; where it is a key, write the first that is present as a | b, and both as a + b."
					.formatted(name.chop(this.index));
			}
			String known = this.known.isEmpty() ? "Remove it."
					: "Known there are %s.".formatted(String.join(", ", this.known));
			String right = divided(name, variable);
			if (right == null && PropertyTypes.isPolicy(this.within) && this.index + 1 < name.getNumberOfElements()) {
				return nameOfSeveral(name, variable);
			}
			right = (right != null) ? right : nearest(name, element, variable);
			return (right != null) ? "Did you mean %s? %s".formatted(right, known) : known;
		}

		private @Nullable String nearest(ConfigurationPropertyName name, String element, @Nullable String variable) {
			String known = Distance.nearest(this.known, element);
			return (known != null) ? written(name, this.index + 1, known, variable) : null;
		}

		/**
		 * Returns the right name where several elements are one, as in
		 * {@code trusted.proxies}.
		 */
		private @Nullable String divided(ConfigurationPropertyName name, @Nullable String variable) {
			StringBuilder joined = new StringBuilder();
			for (int i = this.index; i < name.getNumberOfElements(); i++) {
				joined.append(name.getElement(i, Form.UNIFORM));
				for (String known : this.known) {
					if (i > this.index && uniform(known).contentEquals(joined)) {
						return written(name, i + 1, known, variable);
					}
				}
			}
			return null;
		}

		/**
		 * A policy's name of several elements.
		 */
		private String nameOfSeveral(ConfigurationPropertyName name, @Nullable String variable) {
			int last = name.getNumberOfElements() - 1;
			while (last > this.index && !this.known.contains(name.getElement(last, Form.DASHED))) {
				last--;
			}
			List<String> parts = IntStream.range(2, last).mapToObj((i) -> name.getElement(i, Form.ORIGINAL)).toList();
			if (variable != null) {
				return "In the name of a variable hyphens and dots are left out: did you mean RATELIMIT_POLICIES_%s_%s?"
					.formatted(String.join("", parts).toUpperCase(Locale.ROOT), upper(name.subName(last)));
			}
			return "A policy whose name has dots is written in brackets: ratelimit.policies[%s].%s, in YAML \"[%s]\". A policy has %s."
				.formatted(String.join(".", parts), name.subName(last), String.join(".", parts),
						String.join(", ", this.known));
		}

		/**
		 * Returns a name with the right element in the place of those before an index.
		 */
		private String written(ConfigurationPropertyName name, int end, String element, @Nullable String variable) {
			ConfigurationPropertyName rest = name.subName(end);
			ConfigurationPropertyName right = name.chop(this.index).append(element);
			for (int i = 0; i < rest.getNumberOfElements(); i++) {
				right = right.append(rest.isNumericIndex(i) ? "[" + rest.getElement(i, Form.ORIGINAL) + "]"
						: rest.getElement(i, Form.DASHED));
			}
			return (variable != null) ? upper(right) : right.toString();
		}

		private static String upper(ConfigurationPropertyName name) {
			return IntStream.range(0, name.getNumberOfElements())
				.mapToObj((i) -> name.getElement(i, Form.UNIFORM).toUpperCase(Locale.ROOT))
				.collect(Collectors.joining("_"));
		}

	}

}
