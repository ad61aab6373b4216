package io.ratelimit.spring.autoconfigure;

import java.time.Duration;

import io.ratelimit.Limit;

import org.springframework.core.convert.converter.Converter;

/**
 * Reads a time as it is written in a limit, with its unit: {@code 1m}.
 */
final class StringToDurationConverter implements Converter<String, Duration> {

	@Override
	public Duration convert(String source) {
		return Limit.time(source);
	}

}
