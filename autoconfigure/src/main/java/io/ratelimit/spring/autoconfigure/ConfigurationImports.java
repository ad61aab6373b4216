package io.ratelimit.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.ratelimit.spring.autoconfigure.ImportConfigurations.OnClass;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Imports what {@link ImportConfigurations} names.
 */
final class ConfigurationImports implements ImportSelector, BeanClassLoaderAware {

	private static final String ROOT = "io.ratelimit.spring.";

	private @Nullable ClassLoader classLoader;

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	@Override
	public String[] selectImports(AnnotationMetadata importing) {
		return names(importing.getAnnotations().get(ImportConfigurations.class),
				(type) -> ClassUtils.isPresent(type, this.classLoader));
	}

	/**
	 * Returns the full names of the configurations that an annotation names.
	 * @param present whether the application has a class
	 */
	static String[] names(MergedAnnotation<ImportConfigurations> annotation, Predicate<String> present) {
		List<String> names = new ArrayList<>();
		for (String name : annotation.getStringArray(MergedAnnotation.VALUE)) {
			names.add(ROOT + name);
		}
		for (MergedAnnotation<OnClass> onClass : annotation.getAnnotationArray("onClass", OnClass.class)) {
			if (present.test(onClass.getString("type"))) {
				names.add(ROOT + onClass.getString("configuration"));
			}
		}
		return names.toArray(String[]::new);
	}

}
