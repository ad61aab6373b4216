package io.ratelimit.spring.autoconfigure;

import java.util.List;

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
	 * Reads the properties as they are now.
	 * @throws InvalidRateLimitException if they contradict each other, are not known or
	 * cannot be converted
	 */
	static RateLimitProperties read(ConfigurableEnvironment environment) {
		List<WrittenSource> written = WrittenSource
			.all(ConfigurationPropertySources.from(environment.getPropertySources()));
		PropertyNames.requireKnown(written);
		WrittenNumber.requireNoSurprise(written);
		PolicyNames names = PolicyNames.of(written);
		Iterable<ConfigurationPropertySource> sources = written.stream()
			.map((source) -> UniformSource.of(source, names))
			.toList();
		PlaceholdersResolver placeholders = new PropertySourcesPlaceholdersResolver(environment);
		BindHandler handler = new TimesWithUnits(new IgnoreTopLevelConverterNotFoundBindHandler(), placeholders);
		try {
			return new Binder(sources, placeholders).bindOrCreate("ratelimit", Bindable.of(RateLimitProperties.class),
					handler);
		}
		catch (BindException ex) {
			throw UnreadableProperty.exception(ex);
		}
	}

}
