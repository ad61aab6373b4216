package io.ratelimit.spring.observe;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Configuration of how the endpoint's bodies are read in Spring MVC, on whichever port
 * that is.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
class ChangeBodyConfiguration {

	@Bean("io.ratelimit.changeBody")
	ChangeBody rateLimitChangeBody(ObjectProvider<PathMappedEndpoints> endpoints) {
		return new ChangeBody(() -> {
			PathMappedEndpoints mapped = endpoints.getIfAvailable();
			return (mapped != null) ? mapped.getPath(EndpointConfiguration.ID) : null;
		});
	}

}
