package io.ratelimit.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Finds where a property of a message is written, in the source that wins.
 */
final class WrittenPlace {

	/** Elements of the shortest name whose parts can be told together. */
	private static final int PROPERTY_OF_DEFAULTS = 3;

	private WrittenPlace() {
	}

	/**
	 * Returns what is written as a property, and where: its own value, or what stands
	 * below it, or the short form that it is part of. What a policy does not say itself
	 * stands in the defaults. Of a policy as a whole its limits are meant.
	 * @return the properties as messages quote them; empty if nothing is written
	 */
	static String of(ConfigurationPropertyName name, List<WrittenSource> sources) {
		ConfigurationPropertyName property = WrittenSource.POLICIES.isParentOf(name) ? name.append("limits") : name;
		List<ConfigurationPropertyName> places = new ArrayList<>(List.of(property));
		if (WrittenSource.POLICIES.isAncestorOf(property)) {
			places.add(WrittenSource.DEFAULTS.append(property.subName(3)));
		}
		for (ConfigurationPropertyName place : places) {
			for (WrittenSource source : sources) {
				List<ConfigurationProperty> found = properties(place, source);
				if (!found.isEmpty()) {
					return found.stream().map(WrittenSource::quoted).collect(Collectors.joining(", "));
				}
			}
		}
		return "";
	}

	private static List<ConfigurationProperty> properties(ConfigurationPropertyName name, WrittenSource source) {
		ConfigurationProperty property = source.source().getConfigurationProperty(name);
		if (property != null) {
			return List.of(property);
		}
		List<ConfigurationProperty> below = (name.getNumberOfElements() < PROPERTY_OF_DEFAULTS) ? List.of()
				: source.names().stream().filter(name::isAncestorOf).map(source::property).toList();
		ConfigurationProperty whole = below.isEmpty() ? whole(name, source) : null;
		return (whole != null) ? List.of(whole) : below;
	}

	/**
	 * Returns the list that an element is part of, where it is written in one line, or
	 * the short form of a policy, which is just its limits.
	 */
	private static @Nullable ConfigurationProperty whole(ConfigurationPropertyName name, WrittenSource source) {
		ConfigurationPropertyName list = name.isLastElementIndexed() ? name.getParent() : name;
		ConfigurationProperty property = source.source().getConfigurationProperty(list);
		return (property == null && UniformSource.isLimits(list))
				? source.source().getConfigurationProperty(list.getParent()) : property;
	}

}
