package io.ratelimit.spring.autoconfigure;

import java.util.Map;
import java.util.function.Function;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Configuration of how properties are read.
 */
@Configuration(proxyBeanMethods = false)
class PropertiesConfiguration {

	@Bean("io.ratelimit.propertiesReading")
	static PropertiesReading rateLimitPropertiesReading(ConfigurableEnvironment environment) {
		return new PropertiesReading(environment);
	}

	/**
	 * Reads the properties again that are bound to a type.
	 */
	@Bean(value = "io.ratelimit.configuration", defaultCandidate = false)
	Function<Class<?>, Object> rateLimitConfiguration(PropertiesReading reading, ConfigurableEnvironment environment) {
		FixedProperties fixed = new FixedProperties(reading.properties());
		return (type) -> {
			Map<Class<?>, Object> now = ConfigurationReader.read(environment);
			fixed.review(now);
			Object properties = now.get(type);
			if (properties == null) {
				throw new IllegalArgumentException("nothing is bound to " + type.getName());
			}
			return properties;
		};
	}

}
