package io.ratelimit.spring.request;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that a {@link KeyResolver} returns. One that fails is a missing key.
 */
final class ResolvedKey implements KeyPart.Source {

	private static final Logger logger = LoggerFactory.getLogger(RequestRules.class);

	private final KeyResolver resolver;

	private final String text;

	private final String policy;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates a source.
	 * @param text the resolver as the key names it
	 * @param policy name of the policy
	 */
	ResolvedKey(KeyResolver resolver, String text, String policy) {
		this.resolver = resolver;
		this.text = text;
		this.policy = policy;
	}

	@Override
	public @Nullable String value(LimitedRequest request, Map<String, String> variables) {
		try {
			return this.resolver.resolve(request);
		}
		catch (RuntimeException ex) {
			if (NoRequest.is(request)) {
				throw ex;
			}
			if (this.warned.compareAndSet(false, true)) {
				logger.warn(
						"The key of policy '{}': '{}' fails ({}), and such requests count as those without a "
								+ "key (missing-key); this is logged once",
						this.policy, this.text, ex.getClass().getName());
			}
			logger.debug("The key '{}' cannot be told", this.text, ex);
			return null;
		}
	}

}
