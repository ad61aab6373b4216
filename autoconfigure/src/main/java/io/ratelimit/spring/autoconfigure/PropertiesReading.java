package io.ratelimit.spring.autoconfigure;

import java.util.Map;
import java.util.function.Supplier;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.function.SingletonSupplier;

/**
 * Has the properties of features read by {@link ConfigurationReader}. They stay beans
 * that Spring Boot knows as configuration properties, so that its endpoint reports them.
 */
final class PropertiesReading implements BeanFactoryPostProcessor {

	/** What Spring Boot begins the names of such beans with. */
	private static final String PREFIX = "ratelimit-";

	private final ConfigurableEnvironment environment;

	private final Supplier<Map<Class<?>, Object>> properties;

	PropertiesReading(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.properties = SingletonSupplier.of(() -> ConfigurationReader.read(environment));
	}

	/**
	 * Returns the properties as they were at the start.
	 */
	Map<Class<?>, Object> properties() {
		return this.properties.get();
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (this.environment.getPropertySources().stream().anyMatch(PropertiesReading::mayHaveMisspeltRoots)) {
			MisspeltRoots.warn(ConfigurationPropertySources.from(this.environment.getPropertySources()));
		}
		for (Class<?> type : PropertyTypes.ALL) {
			String name = PREFIX + type.getName();
			if (beanFactory.containsBeanDefinition(name)
					&& beanFactory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition) {
				definition.setInstanceSupplier(() -> properties().get(type));
			}
		}
	}

	/*
	 * Looks at names as they are written: to parse all of them takes part of the start.
	 */
	private static boolean mayHaveMisspeltRoots(PropertySource<?> source) {
		if (source instanceof EnumerablePropertySource<?> enumerable) {
			for (String name : enumerable.getPropertyNames()) {
				if (((name.contains("policies") || name.contains("POLICIES")) && !name.startsWith("ratelimit."))
						|| name.equalsIgnoreCase("ratelimit")) {
					return true;
				}
			}
		}
		return false;
	}

}
