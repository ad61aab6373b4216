package io.ratelimit.spring.observe;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the actuator endpoint shows, and to whom.
 *
 * @param showKeys When to show keys. Otherwise names stand for them.
 * @param roles Roles that may be shown keys when authorized. If there are none, all
 * authenticated users may.
 * @param console Page for operators.
 */
@ConfigurationProperties("management.endpoint.ratelimits")
record EndpointProperties(@DefaultValue("never") Show showKeys, @DefaultValue Set<String> roles,
		@DefaultValue Console console) {

	/**
	 * Page for operators.
	 *
	 * @param enabled Whether the endpoint has a page, at its path followed by /console.
	 */
	public record Console(@DefaultValue("false") boolean enabled) {

	}

}
