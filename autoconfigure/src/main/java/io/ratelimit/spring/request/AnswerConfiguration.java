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

	private final RequestProperties.Http properties;

	AnswerConfiguration(RequestProperties properties) {
		this.properties = properties.http();
	}

	@Bean("io.ratelimit.headers")
	@ConditionalOnMissingBean
	RateLimitHeaders rateLimitHeaders() {
		return this.properties.headers()
			.headers(InstantSource.system(), this.properties.xReset(), this.properties.shadowHeaders());
	}

	@Bean("io.ratelimit.refusalStatus")
	RefusalStatus rateLimitRefusalStatus() {
		return new RefusalStatus(this.properties.status());
	}

}
