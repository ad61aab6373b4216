package io.ratelimit.spring.observe;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.BiFunction;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.spring.policy.InvalidRateLimitException;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of what is counted and told of decisions in any application.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NoticeProperties.class)
class CountsConfiguration {

	@Bean("io.ratelimit.decisionCounts")
	DecisionCounts rateLimitDecisionCounts() {
		return new DecisionCounts();
	}

	@Bean("io.ratelimit.reloadCounts")
	ReloadCounts rateLimitReloadCounts() {
		return new ReloadCounts();
	}

	@Bean("io.ratelimit.keyNames")
	KeyNames rateLimitKeyNames() {
		return new KeyNames(SecureRandom::new);
	}

	@Bean(value = "io.ratelimit.decisionText", defaultCandidate = false)
	BiFunction<List<Claim>, List<Decision>, List<String>> rateLimitDecisionText(KeyNames names,
			NoticeProperties properties) {
		return new DecisionText(names, properties.log().keys());
	}

	@Bean("io.ratelimit.refusalNotices")
	RefusalNotices rateLimitRefusalNotices(ApplicationEventPublisher publisher, NoticeProperties properties) {
		try {
			return new RefusalNotices(publisher,
					new RefusalNotices.Events(properties.events().perSecond(), properties.events().keys()),
					new RefusalNotices.Lines(properties.log().refusals(), properties.log().keys()), System::nanoTime);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.events.per-second", String.valueOf(ex.getMessage()),
					"Set it to 0 for no events, or to a number such as 10.");
		}
	}

}
