package io.ratelimit.spring.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.ratelimit.Limit;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
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
		Binder binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment), conversion());
		try {
			return binder.bindOrCreate("ratelimit", Bindable.of(RateLimitProperties.class),
					new IgnoreTopLevelConverterNotFoundBindHandler());
		}
		catch (BindException ex) {
			throw UnreadableProperty.exception(ex);
		}
	}

	private static ApplicationConversionService conversion() {
		ApplicationConversionService conversion = new ApplicationConversionService();
		conversion.addConverter(new StringToLimitConverter());
		conversion.addConverter(new StringToDurationConverter());
		conversion.addConverter(Number.class, Duration.class, (number) -> Limit.time(number.toString()));
		return conversion;
	}

}
