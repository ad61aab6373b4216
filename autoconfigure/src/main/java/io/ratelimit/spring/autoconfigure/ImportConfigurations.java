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

	/**
	 * Configurations that are not even read without a class.
	 */
	OnClass[] onClass() default {};

	/**
	 * A configuration for what an application may not have.
	 */
	@Retention(RetentionPolicy.RUNTIME)
	@Target({})
	@interface OnClass {

		/**
		 * Full name of the class.
		 */
		String type();

		/**
		 * Name of the configuration below {@code io.ratelimit.spring}.
		 */
		String configuration();

	}

}
