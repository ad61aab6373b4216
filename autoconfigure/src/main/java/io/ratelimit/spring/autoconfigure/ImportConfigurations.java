package io.ratelimit.spring.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Imports configurations of features, which are hidden beside what they configure.
 */
@Documented
@Import(ConfigurationImports.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface ImportConfigurations {

	/**
	 * Names of configurations below {@code io.ratelimit.spring}, in the order in which
	 * they are imported.
	 */
	String[] value();

}
