package io.ratelimit.spring.autoconfigure;

import io.ratelimit.Limit;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.LimitProperties;

import org.springframework.core.convert.converter.Converter;

/**
 * Reads the short form of a limit: {@code 100/1m}.
 */
final class StringToLimitConverter implements Converter<String, LimitProperties> {

	@Override
	public LimitProperties convert(String source) {
		Limit limit = Limit.valueOf(source);
		return new LimitProperties(limit.permits(), limit.window(), null, null, null, null, null, null);
	}

}
