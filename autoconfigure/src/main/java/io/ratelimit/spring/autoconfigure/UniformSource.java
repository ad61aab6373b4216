package io.ratelimit.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.ratelimit.spring.autoconfigure.WrittenSource.Kind;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * A source in which every policy has one name, and its limits stand below {@code limits}
 * even where it is written as just its limits.
 */
final class UniformSource implements IterableConfigurationPropertySource {

	private static final String LIMITS = "limits";

	private final WrittenSource source;

	private final Map<ConfigurationPropertyName, ConfigurationPropertyName> written = new LinkedHashMap<>();

	private UniformSource(WrittenSource source, PolicyNames names) {
		this.source = source;
		for (ConfigurationPropertyName name : source.names()) {
			if (!PropertyNames.isBlock(name)) {
				ConfigurationPropertyName other = this.written.put(uniform(name, names, source.kind()), name);
				requireOne(other, name);
			}
		}
		this.written.forEach((uniform, name) -> {
			if (uniform.getLastElement(Form.UNIFORM).equals(LIMITS) && !uniform.isLastElementIndexed()) {
				requireOne(this.written.get(uniform.append("[0]")), name);
				requireOne(this.written.get(uniform.append("[0].permits")), name);
			}
		});
	}

	/**
	 * Brings a source to the form in which sources can be compared.
	 * @throws InvalidRateLimitException if it contradicts itself
	 */
	static ConfigurationPropertySource of(WrittenSource source, PolicyNames names) {
		return (source.source() instanceof IterableConfigurationPropertySource) ? new UniformSource(source, names)
				: (name) -> unlisted(source.source(), name);
	}

	/**
	 * Returns a property of a source that cannot list its names.
	 */
	private static @Nullable ConfigurationProperty unlisted(ConfigurationPropertySource source,
			ConfigurationPropertyName name) {
		if (isShortForm(name)) {
			return null;
		}
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return (property == null && isLimits(name)) ? source.getConfigurationProperty(name.getParent()) : property;
	}

	private static ConfigurationPropertyName uniform(ConfigurationPropertyName name, PolicyNames names, Kind kind) {
		ConfigurationPropertyName uniform = name;
		if (WrittenSource.POLICIES.isAncestorOf(name)) {
			uniform = WrittenSource.POLICIES.append("[" + names.of(name, kind) + "]");
			for (int i = 3; i < name.getNumberOfElements(); i++) {
				uniform = uniform.append(name.isNumericIndex(i) ? "[" + name.getElement(i, Form.ORIGINAL) + "]"
						: name.getElement(i, Form.UNIFORM));
			}
		}
		return isShortForm(name) ? uniform.append(LIMITS) : uniform;
	}

	/**
	 * Returns whether a name is that of the limits of a policy, or of the defaults.
	 */
	static boolean isLimits(ConfigurationPropertyName name) {
		return name.getLastElement(Form.UNIFORM).equals(LIMITS) && isShortForm(name.getParent());
	}

	private static boolean isShortForm(ConfigurationPropertyName name) {
		return WrittenSource.POLICIES.isParentOf(name) || WrittenSource.DEFAULTS.equals(name);
	}

	private void requireOne(@Nullable ConfigurationPropertyName one, ConfigurationPropertyName other) {
		if (one != null) {
			throw new InvalidRateLimitException(WrittenSource.quoted(this.source.property(other)),
					"the same is written as " + WrittenSource.quoted(this.source.property(one)),
					"Remove one of them, or rename one: Spring Boot drops what is no letter or digit of ASCII from names.");
		}
	}

	@Override
	public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
		ConfigurationPropertyName written = this.written.get(name);
		return (written != null) ? this.source.source().getConfigurationProperty(written) : null;
	}

	@Override
	public Stream<ConfigurationPropertyName> stream() {
		return this.written.keySet().stream();
	}

	@Override
	public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
		return this.written.keySet().stream().anyMatch(name::isAncestorOf) ? ConfigurationPropertyState.PRESENT
				: ConfigurationPropertyState.ABSENT;
	}

}
