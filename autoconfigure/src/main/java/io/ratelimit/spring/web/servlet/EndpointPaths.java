package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Looks up where the management endpoints are.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(PathMappedEndpoints.class)
final class EndpointPaths {

	private static final int DEFAULT_PORT = 8080;

	@Bean("io.ratelimit.managementPaths")
	Supplier<ManagementPaths> rateLimitManagementPaths(ObjectProvider<PathMappedEndpoints> endpoints,
			Environment environment) {
		return () -> {
			PathMappedEndpoints mapped = endpoints.getIfAvailable();
			return (mapped != null) ? paths(mapped, hasOtherPort(environment)) : ManagementPaths.NONE;
		};
	}

	private static ManagementPaths paths(PathMappedEndpoints endpoints, boolean otherPort) {
		List<String> own = new ArrayList<>();
		for (PathMappedEndpoint endpoint : endpoints) {
			endpoint.getAdditionalPaths(WebServerNamespace.SERVER)
				.forEach((path) -> own.add(path.startsWith("/") ? path : "/" + path));
		}
		List<String> elsewhere = new ArrayList<>();
		(otherPort ? elsewhere : own).addAll(endpoints.getAllPaths());
		return new ManagementPaths(endpoints.getBasePath(), own, elsewhere);
	}

	private static boolean hasOtherPort(Environment environment) {
		Integer management = environment.getProperty("management.server.port", Integer.class);
		int server = environment.getProperty("server.port", Integer.class, DEFAULT_PORT);
		return management != null && (management == 0 || management != server);
	}

}
