package io.ratelimit.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.spring.policy.InvalidRateLimitException;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the properties of an environment, at the start and at each refresh.
 */
/*
 * The binder of Spring Boot looks at one source at a time, which is not enough here: the
 * short form of a policy in one source hides the long form in another, an environment
 * variable spells the names of policies in its own way, and whatever is unknown in
 * environment variables and system properties is ignored. So the sources are brought to
 * one form first, and checked as a whole.
 */
final class ConfigurationReader {

	private ConfigurationReader() {
	}

	/**
	 * Reads the properties as they are now, those of features too that an application
	 * does not have.
	 * @return an object of each of the types of properties
	 * @throws InvalidRateLimitException if they contradict each other, are not known or
	 * cannot be converted
	 */
	static Map<Class<?>, Object> read(ConfigurableEnvironment environment) {
		List<WrittenSource> written = WrittenSource
			.all(ConfigurationPropertySources.from(environment.getPropertySources()));
		PropertyNames.requireKnown(written);
		WrittenNumber.requireNoSurprise(written);
		PolicyNames names = PolicyNames.of(written);
		// the binder asks every source for every name that there could be
		Iterable<ConfigurationPropertySource> sources = written.stream()
			.filter(WrittenSource::mayBeAsked)
			.map((source) -> UniformSource.of(source, names))
			.toList();
		PlaceholdersResolver placeholders = new PropertySourcesPlaceholdersResolver(environment);
		BindHandler handler = new TimesWithUnits(new IgnoreTopLevelConverterNotFoundBindHandler(), placeholders);
		Binder binder = new Binder(sources, placeholders);
		Map<Class<?>, Object> properties = new LinkedHashMap<>();
		try {
			for (Class<?> type : PropertyTypes.ALL) {
				properties.put(type, binder.bindOrCreate("ratelimit", Bindable.of(type), handler));
			}
		}
		catch (BindException ex) {
			throw UnreadableProperty.exception(ex);
		}
		return properties;
	}

}
