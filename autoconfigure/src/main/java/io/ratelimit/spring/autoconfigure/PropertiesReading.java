package io.ratelimit.spring.autoconfigure;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Has {@link RateLimitProperties} read by {@link ConfigurationReader}. They stay a bean
 * that Spring Boot knows as configuration properties, so that its endpoint reports them.
 */
final class PropertiesReading implements BeanFactoryPostProcessor {

	private final ConfigurableEnvironment environment;

	PropertiesReading(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (this.environment.getPropertySources().stream().anyMatch(PropertiesReading::mayHaveMisspeltRoots)) {
			MisspeltRoots.warn(ConfigurationPropertySources.from(this.environment.getPropertySources()));
		}
		for (String name : beanFactory.getBeanNamesForType(RateLimitProperties.class, true, false)) {
			if (beanFactory.containsBeanDefinition(name)
					&& beanFactory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition) {
				definition.setInstanceSupplier(() -> ConfigurationReader.read(this.environment));
			}
		}
	}

	/*
	 * Looks at names as they are written: to parse all of them takes part of the start.
	 */
	private static boolean mayHaveMisspeltRoots(PropertySource<?> source) {
		if (source instanceof EnumerablePropertySource<?> enumerable) {
			for (String name : enumerable.getPropertyNames()) {
				if ((name.contains("policies") || name.contains("POLICIES")) && !name.startsWith("ratelimit.")) {
					return true;
				}
			}
		}
		return false;
	}

}
