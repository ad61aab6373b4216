package io.ratelimit.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Brings the filter and the annotation into a slice of an application, such as
 * {@code @WebMvcTest}. Permits are counted in process, whatever the configuration says. A
 * test that starts the whole application has its limits without this annotation.
 */
@Documented
@Inherited
@ImportAutoConfiguration
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AutoConfigureRateLimits {

	/**
	 * Whether everything that was counted is forgotten before each test method. Methods
	 * that build on each other need it to be kept.
	 * @return {@code false} to keep what was counted
	 */
	boolean reset() default true;

}
