package io.ratelimit.it.tests;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application with limits, which counts how often it was started.
 */
@SpringBootApplication
class QuoteApplication {

	static final AtomicInteger STARTED = new AtomicInteger();

	QuoteApplication() {
		STARTED.incrementAndGet();
	}

}
