package io.ratelimit.spring.autoconfigure;

import java.util.Arrays;

import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Imports what {@link ImportConfigurations} names.
 */
final class ConfigurationImports implements ImportSelector {

	private static final String ROOT = "io.ratelimit.spring.";

	@Override
	public String[] selectImports(AnnotationMetadata importing) {
		return names(importing.getAnnotations().get(ImportConfigurations.class));
	}

	/**
	 * Returns the full names of the configurations that an annotation names.
	 */
	static String[] names(MergedAnnotation<ImportConfigurations> annotation) {
		return Arrays.stream(annotation.getStringArray(MergedAnnotation.VALUE))
			.map((name) -> ROOT + name)
			.toArray(String[]::new);
	}

}
