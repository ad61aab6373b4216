package io.ratelimit.spring.expression;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of expressions.
 */
@Configuration(proxyBeanMethods = false)
class ExpressionConfiguration {

	@Bean("io.ratelimit.expressions")
	Expressions rateLimitExpressions(BeanFactory beans) {
		return new Expressions(beans);
	}

}
