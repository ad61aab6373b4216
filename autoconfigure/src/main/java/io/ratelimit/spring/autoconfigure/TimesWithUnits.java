package io.ratelimit.spring.autoconfigure;

import java.time.Duration;

import io.ratelimit.Limit;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Reads times as they are written in a limit, with their unit: {@code 1m}. To Spring
 * Boot's conversion a number without one is milliseconds.
 */
/*
 * A conversion service of our own would take a hundredth of an application's start, since
 * Spring Boot asks its lenient one too unless all of its converters are there as well.
 */
final class TimesWithUnits extends AbstractBindHandler {

	private final PlaceholdersResolver placeholders;

	TimesWithUnits(BindHandler parent, PlaceholdersResolver placeholders) {
		super(parent);
		this.placeholders = placeholders;
	}

	@Override
	public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Object result) {
		Duration time = time(target, context);
		return (time != null) ? time : super.onSuccess(name, target, context, result);
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		Duration time = time(target, context);
		return (time != null) ? time : super.onFailure(name, target, context, error);
	}

	private @Nullable Duration time(Bindable<?> target, BindContext context) {
		ConfigurationProperty property = context.getConfigurationProperty();
		if (property == null || target.getType().resolve() != Duration.class) {
			return null;
		}
		return Limit.time(String.valueOf(this.placeholders.resolvePlaceholders(property.getValue())));
	}

}
