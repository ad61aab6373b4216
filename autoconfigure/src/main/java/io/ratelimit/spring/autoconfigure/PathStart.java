package io.ratelimit.spring.autoconfigure;

import java.util.function.Supplier;

import io.ratelimit.RateLimits;
import io.ratelimit.spring.request.PathMatching;
import io.ratelimit.spring.web.servlet.ServletConfiguration;
import jakarta.servlet.ServletContext;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Reads paths as the application's Spring MVC reads them, once that is there.
 */
final class PathStart implements SmartInitializingSingleton {

	private final RuledRequests requests;

	private final LivePolicies policies;

	private final RateLimits registry;

	private final RequestNotes notes;

	private final ListableBeanFactory beans;

	private final Supplier<ManagementPaths> management;

	private final ServletContext servletContext;

	PathStart(RuledRequests requests, LivePolicies policies, RateLimits registry, RequestNotes notes,
			ListableBeanFactory beans, Supplier<ManagementPaths> management, ServletContext servletContext) {
		this.servletContext = servletContext;
		this.requests = requests;
		this.policies = policies;
		this.registry = registry;
		this.notes = notes;
		this.beans = beans;
		this.management = management;
	}

	@Override
	public void afterSingletonsInstantiated() {
		MappedHandlers handlers = MappedHandlers.of(this.beans);
		PathPatternParser parser = (handlers != null) ? handlers.parser() : null;
		ManagementPaths endpoints = this.management.get();
		ServletConfiguration.markOwnServer(this.servletContext);
		this.requests.follow(new PathMatching((parser != null) ? parser : PathPatternParser.defaultInstance,
				endpoints.base(), endpoints.own(), endpoints.elsewhere()), this.policies.current(),
				this.registry::limiter);
		this.notes.write(handlers, endpoints);
	}

}
