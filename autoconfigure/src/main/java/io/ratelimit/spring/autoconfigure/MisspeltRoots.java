package io.ratelimit.spring.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * Policies that stand beside {@code ratelimit}, such as those of a variable
 * {@code RATE_LIMIT_POLICIES_API_LIMITS}, and a variable {@code RATELIMIT}. Others may
 * read them, so that they do not stop the start.
 */
final class MisspeltRoots {

	private static final Logger logger = LoggerFactory.getLogger(MisspeltRoots.class);

	private static final int MISSPELT_LETTERS = 2;

	private MisspeltRoots() {
	}

	/**
	 * Logs what seems to be meant for us and is not read.
	 */
	static void warn(Iterable<ConfigurationPropertySource> sources) {
		for (ConfigurationPropertySource source : sources) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				warnOfVariable(iterable.getConfigurationProperty(WrittenSource.ROOT));
				for (ConfigurationPropertyName name : iterable) {
					ConfigurationPropertyName meant = meant(name);
					ConfigurationProperty property = (meant != null) ? iterable.getConfigurationProperty(name) : null;
					if (property != null) {
						logger.warn("{} is not read, as policies stand below ratelimit.policies: did you mean {}?",
								WrittenSource.quoted(property), meant);
					}
				}
			}
		}
	}

	private static void warnOfVariable(@Nullable ConfigurationProperty property) {
		if (property != null && WrittenSource.variable(property) != null
				&& !String.valueOf(property.getValue()).isBlank()) {
			logger.warn("{} is not read, as a variable of that name can be another program's: did you mean "
					+ "RATELIMIT_ENABLED, or RATELIMIT_POLICIES_API_LIMITS?", WrittenSource.quoted(property));
		}
	}

	private static @Nullable ConfigurationPropertyName meant(ConfigurationPropertyName name) {
		StringBuilder root = new StringBuilder();
		for (int i = 0; i < name.getNumberOfElements() - 1; i++) {
			String element = name.getElement(i, Form.UNIFORM);
			if (element.equals("policies")) {
				boolean ours = i == 1 && root.toString().equals("ratelimit");
				return (!ours && Distance.of("ratelimit", root.toString()) <= MISSPELT_LETTERS)
						? WrittenSource.ROOT.append(name.subName(i)) : null;
			}
			if (i > 0 || !element.equals("spring")) {
				root.append(element);
			}
		}
		return null;
	}

}
