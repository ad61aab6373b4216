package io.ratelimit.spring.autoconfigure;

import java.util.Arrays;

import io.ratelimit.spring.autoconfigure.RateLimitProperties.PolicyProperties;

import org.springframework.core.convert.converter.Converter;

/**
 * Reads the short form of a policy, which is just its limits:
 * {@code exports: 2/1h, 10/day}.
 */
final class StringToPolicyConverter implements Converter<String, PolicyProperties> {

	private final StringToLimitConverter limits = new StringToLimitConverter();

	@Override
	public PolicyProperties convert(String source) {
		return new PolicyProperties(Arrays.stream(source.split(",", -1)).map(this.limits::convert).toList(), null, null,
				null, null, null, null, null, null);
	}

}
