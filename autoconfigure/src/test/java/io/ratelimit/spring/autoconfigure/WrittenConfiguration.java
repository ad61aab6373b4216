package io.ratelimit.spring.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.ratelimit.Policy;
import io.ratelimit.spring.policy.GivenPolicies;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written in files, variables and system properties, and what is read of it.
 */
final class WrittenConfiguration {

	private final StandardEnvironment environment = new StandardEnvironment();

	void yaml(String yaml) {
		try {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load(
					"file" + this.environment.getPropertySources().size(),
					new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))) {
				this.environment.getPropertySources()
					.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void variables(String... variables) {
		this.environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, map(variables)));
	}

	void systemProperties(String... properties) {
		this.environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
					new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, map(properties)));
	}

	void arguments(String... arguments) {
		this.environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
	}

	private static Map<String, Object> map(String... properties) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (String property : properties) {
			map.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		return map;
	}

	Guard guard(String policy) {
		return GivenPolicies.guards(ConfigurationReader.read(this.environment)).apply(policy);
	}

	List<Policy> policies() {
		return GivenPolicies.policies(ConfigurationReader.read(this.environment));
	}

	void assertStops(String... parts) {
		assertThatExceptionOfType(InvalidRateLimitException.class).isThrownBy(this::policies)
			.satisfies((failure) -> assertThat(text(failure)).contains(parts));
	}

	/**
	 * Returns the description that the start ends with.
	 */
	String description() {
		InvalidRateLimitException failure = assertThatExceptionOfType(InvalidRateLimitException.class)
			.isThrownBy(this::policies)
			.actual();
		ConfigurationPropertySources.attach(this.environment);
		return Objects.requireNonNull(new RateLimitFailureAnalyzer(this.environment).analyze(failure)).getDescription();
	}

	private static String text(@Nullable InvalidRateLimitException failure) {
		return failure.getMessage() + "\n" + failure.action();
	}

}
