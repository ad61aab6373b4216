package io.ratelimit.spring.web.servlet;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * Configuration of what takes Spring MVC.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(DispatcherServlet.class)
class MvcConfiguration {

	@Bean("io.ratelimit.exceptionResolver")
	RateLimitExceptionResolver rateLimitExceptionResolver(Refusals refusals,
			ObjectProvider<HandlerExceptionResolver> resolvers) {
		return new RateLimitExceptionResolver(refusals, resolvers::orderedStream);
	}

	@Bean("io.ratelimit.lastLook")
	MappedInterceptor rateLimitLastLook(RequestGate gate) {
		return new MappedInterceptor(null, new LastLook(gate));
	}

	@Bean("io.ratelimit.delayedRequestMapping")
	DelayedRequestMapping rateLimitDelayedRequestMapping() {
		return new DelayedRequestMapping();
	}

}
