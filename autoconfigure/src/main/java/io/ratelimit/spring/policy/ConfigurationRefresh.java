package io.ratelimit.spring.policy;

import java.util.function.Supplier;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;

/**
 * Reads the configuration again when the environment has changed, as Spring Cloud says by
 * an event. It is known by its name only, since not every application has Spring Cloud.
 */
final class ConfigurationRefresh implements SmartApplicationListener {

	private static final String EVENT = "org.springframework.cloud.context.environment.EnvironmentChangeEvent";

	private final Supplier<LivePolicies> policies;

	/**
	 * Creates a listener.
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

}
