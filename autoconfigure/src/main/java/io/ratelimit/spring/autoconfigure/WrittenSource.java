package io.ratelimit.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * One source of properties as people have written it.
 *
 * @param source the source
 * @param names its names that begin with {@code ratelimit}, and this itself; empty if it
 * cannot list them
 * @param kind where it comes from
 */
record WrittenSource(ConfigurationPropertySource source, List<ConfigurationPropertyName> names, Kind kind) {

	static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("ratelimit");

	static final ConfigurationPropertyName POLICIES = ROOT.append("policies");

	static final ConfigurationPropertyName DEFAULTS = ROOT.append("defaults");

	/*
	 * Kubernetes and Docker describe a service that is called "ratelimit", or begins with
	 * it, by variables of this shape in every container beside it.
	 */
	private static final Pattern SERVICE_LINK = Pattern
		.compile("RATELIMIT(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

	/**
	 * Where properties come from.
	 */
	enum Kind {

		/** Files and the like, which declare policies. */
		DECLARING,

		/** System properties and arguments, which mostly override what is declared. */
		OVERRIDING,

		/** Environment variables, whose names have neither capitals nor hyphens. */
		ENVIRONMENT

	}

	/**
	 * Returns all sources in their order, the one that wins first.
	 */
	static List<WrittenSource> all(Iterable<ConfigurationPropertySource> sources) {
		return StreamSupport.stream(sources.spliterator(), false).map(WrittenSource::of).toList();
	}

	private static WrittenSource of(ConfigurationPropertySource source) {
		List<ConfigurationPropertyName> names = new ArrayList<>();
		Kind kind = kind(source.getUnderlyingSource());
		if (source instanceof IterableConfigurationPropertySource iterable) {
			for (ConfigurationPropertyName name : iterable) {
				if (isOurs(name, kind) && isMeant(iterable.getConfigurationProperty(name))) {
					names.add(name);
				}
			}
		}
		return new WrittenSource(source, names, kind);
	}

	/*
	 * A variable RATELIMIT can be that of another program in the same place.
	 */
	private static boolean isOurs(ConfigurationPropertyName name, Kind kind) {
		return ROOT.isAncestorOf(name) || (ROOT.equals(name) && kind != Kind.ENVIRONMENT);
	}

	private static boolean isMeant(@Nullable ConfigurationProperty property) {
		String variable = variable(property);
		return property != null && (variable == null || !isServiceLink(variable, String.valueOf(property.getValue())));
	}

	/**
	 * Returns whether a variable describes a service. The port of one is an address, so
	 * that a policy can be called "port".
	 */
	private static boolean isServiceLink(String variable, String value) {
		return SERVICE_LINK.matcher(variable).matches()
				&& (!variable.endsWith("_PORT") || variable.endsWith("_SERVICE_PORT") || value.contains("://"));
	}

	private static Kind kind(@Nullable Object underlying) {
		if (underlying instanceof SystemEnvironmentPropertySource) {
			return Kind.ENVIRONMENT;
		}
		boolean overrides = underlying instanceof CommandLinePropertySource
				|| (underlying instanceof PropertySource<?> source
						&& source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME));
		return overrides ? Kind.OVERRIDING : Kind.DECLARING;
	}

	/**
	 * Returns whether there may be a property that begins with {@code ratelimit}.
	 */
	boolean mayBeAsked() {
		return !this.names.isEmpty() || !(this.source instanceof IterableConfigurationPropertySource);
	}

	/**
	 * Returns one of the properties whose names are listed.
	 */
	ConfigurationProperty property(ConfigurationPropertyName name) {
		return Objects.requireNonNull(this.source.getConfigurationProperty(name));
	}

	/**
	 * Returns a property as messages quote it: its name, its value unless that is a
	 * secret, and where it stands.
	 */
	static String quoted(ConfigurationProperty property) {
		String name = property.getName().toString();
		Origin origin = property.getOrigin();
		return "%s = '%s'%s".formatted(name, name.contains("secr") ? "******" : WrittenNumber.text(property),
				(origin != null) ? " (" + origin + ")" : "");
	}

	/**
	 * Returns the environment variable that a property stands in, if it is one.
	 */
	static @Nullable String variable(@Nullable ConfigurationProperty property) {
		String variable = origin(property);
		return (variable != null && variable.toUpperCase(Locale.ROOT).contains("RATELIMIT")) ? variable : null;
	}

	private static @Nullable String origin(@Nullable ConfigurationProperty property) {
		Origin origin = (property != null) ? property.getOrigin() : null;
		if (origin instanceof SystemEnvironmentOrigin variable) {
			return variable.getProperty();
		}
		return (origin instanceof PropertySourceOrigin source
				&& source.getPropertySource() instanceof SystemEnvironmentPropertySource) ? source.getPropertyName()
						: null;
	}

}
