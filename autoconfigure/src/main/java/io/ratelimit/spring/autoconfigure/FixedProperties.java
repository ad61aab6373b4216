package io.ratelimit.spring.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ReflectionUtils;

/**
 * Properties that a running application keeps until it starts again.
 */
final class FixedProperties {

	private static final Logger logger = LoggerFactory.getLogger(FixedProperties.class);

	private static final Set<String> LIVE = Set.of("policies", "defaults", "failure-mode");

	private final Map<Class<?>, Object> first;

	/** By name, since the first review; an application that never refreshes has none. */
	private @Nullable Map<String, Object> inForce;

	private @Nullable Map<String, Object> last;

	/**
	 * Creates the properties in force.
	 * @param properties an object of each of the types of properties
	 */
	FixedProperties(Map<Class<?>, Object> properties) {
		this.first = properties;
	}

	/**
	 * Logs which of the properties have changed and stay in force as they were, once for
	 * each change.
	 */
	synchronized void review(Map<Class<?>, Object> properties) {
		Map<String, Object> inForce = (this.inForce != null) ? this.inForce : values(this.first);
		Map<String, Object> last = (this.last != null) ? this.last : inForce;
		Map<String, Object> now = values(properties);
		now.forEach((name, value) -> {
			if (!Objects.equals(value, last.get(name)) && !Objects.equals(value, inForce.get(name))) {
				boolean secret = name.contains("secret");
				logger.warn(
						"{} is now '{}', and stays '{}' until the application starts again: only policies, defaults "
								+ "and the failure mode change in a running application",
						name, secret ? "******" : value, secret ? "******" : inForce.get(name));
			}
		});
		this.inForce = inForce;
		this.last = now;
	}

	private static Map<String, Object> values(Map<Class<?>, Object> properties) {
		Map<String, Object> values = new LinkedHashMap<>();
		properties.values().forEach((block) -> collect("ratelimit", block, values));
		return values;
	}

	private static void collect(String prefix, Object block, Map<String, Object> values) {
		for (Parameter parameter : PropertyTypes.constructor(block.getClass()).getParameters()) {
			String name = DataObjectPropertyName.toDashedForm(parameter.getName());
			if (!LIVE.contains(name)) {
				Object value = value(block, parameter.getName());
				if (value instanceof Record) {
					collect(prefix + "." + name, value, values);
				}
				else {
					values.put(prefix + "." + name, Objects.requireNonNullElse(value, ""));
				}
			}
		}
	}

	private static @Nullable Object value(Object block, String component) {
		try {
			Method accessor = block.getClass().getMethod(component);
			ReflectionUtils.makeAccessible(accessor);
			return accessor.invoke(block);
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
