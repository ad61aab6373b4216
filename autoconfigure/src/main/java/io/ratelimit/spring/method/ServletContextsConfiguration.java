package io.ratelimit.spring.method;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Configuration of limits on annotated methods in contexts of servlets.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(DispatcherServlet.class)
class ServletContextsConfiguration {

	@Bean("io.ratelimit.servletContexts")
	static ServletContexts rateLimitServletContexts(ObjectProvider<OtherContexts> contexts) {
		return new ServletContexts(contexts::getObject);
	}

}
