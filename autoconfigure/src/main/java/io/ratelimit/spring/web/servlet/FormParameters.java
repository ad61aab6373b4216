package io.ratelimit.spring.web.servlet;

import java.net.URLDecoder;
import java.nio.charset.Charset;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Parameters that are written as {@code application/x-www-form-urlencoded}.
 */
final class FormParameters {

	private FormParameters() {
	}

	/**
	 * Parses parameters. Those that cannot be decoded are left out, as Tomcat does.
	 */
	static MultiValueMap<String, String> parse(String text, Charset charset) {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		for (String pair : text.split("&", -1)) {
			int equals = pair.indexOf('=');
			String name = (equals < 0) ? pair : pair.substring(0, equals);
			try {
				if (!name.isEmpty()) {
					parameters.add(URLDecoder.decode(name, charset),
							(equals < 0) ? "" : URLDecoder.decode(pair.substring(equals + 1), charset));
				}
			}
			catch (IllegalArgumentException ex) {
				// left out
			}
		}
		return parameters;
	}

}
