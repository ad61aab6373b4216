package io.ratelimit.it.tests;

import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

/**
 * The slice with the controllers.
 */
@Inherited
@WebMvcTest
@Retention(RetentionPolicy.RUNTIME)
@interface ControllersAlone {

}
