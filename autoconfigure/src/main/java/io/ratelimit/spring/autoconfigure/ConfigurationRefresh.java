package io.ratelimit.spring.autoconfigure;

import java.util.function.Supplier;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the configuration again when the environment has changed, as Spring Cloud says by
 * an event. It is known by its name only, since not every application has Spring Cloud.
 */
final class ConfigurationRefresh implements SmartApplicationListener {

	private static final String EVENT = "org.springframework.cloud.context.environment.EnvironmentChangeEvent";

	private final Supplier<LivePolicies> policies;

	/**
	 * Makes a listener.
	 * @param policies asked for at the first change, since listeners are made before most
	 * of an application
	 */
	ConfigurationRefresh(Supplier<LivePolicies> policies) {
		this.policies = policies;
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
		return eventType.getName().equals(EVENT);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		this.policies.get().refresh();
	}

	/**
	 * Binds the properties as they stand in the environment now.
	 * @throws InvalidRateLimitException if they cannot be bound
	 */
	static RateLimitProperties read(ConfigurableEnvironment environment) {
		ApplicationConversionService conversion = new ApplicationConversionService();
		conversion.addConverter(new StringToLimitConverter());
		conversion.addConverter(new StringToPolicyConverter());
		Binder binder = new Binder(ConfigurationPropertySources.from(environment.getPropertySources()),
				new PropertySourcesPlaceholdersResolver(environment), conversion);
		try {
			return binder.bindOrCreate("ratelimit", Bindable.of(RateLimitProperties.class),
					new NoUnboundElementsBindHandler(new IgnoreTopLevelConverterNotFoundBindHandler(),
							new UnboundElementsSourceFilter()));
		}
		catch (BindException ex) {
			Throwable cause = ex;
			while (cause.getCause() != null) {
				cause = cause.getCause();
			}
			throw new InvalidRateLimitException(ex.getName().toString(), String.valueOf(cause.getMessage()),
					"Correct the property.");
		}
	}

}
