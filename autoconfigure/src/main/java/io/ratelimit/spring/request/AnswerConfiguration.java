package io.ratelimit.spring.request;

import java.time.InstantSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of what responses say of limits, on any kind of server.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties(RequestProperties.class)
class AnswerConfiguration {

	@Bean("io.ratelimit.headers")
	@ConditionalOnMissingBean
	RateLimitHeaders rateLimitHeaders(RequestProperties properties) {
		RequestProperties.Http http = properties.http();
		return http.headers().headers(InstantSource.system(), http.xReset(), http.shadowHeaders());
	}

	@Bean("io.ratelimit.refusalStatus")
	RefusalStatus rateLimitRefusalStatus(RequestProperties properties) {
		return new RefusalStatus(properties.http().status());
	}

}
