package io.ratelimit.it.tests;

import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;

/**
 * Brings MockMvc into a test.
 */
@Inherited
@AutoConfigureMockMvc
@Retention(RetentionPolicy.RUNTIME)
@interface WithMockMvc {

}
