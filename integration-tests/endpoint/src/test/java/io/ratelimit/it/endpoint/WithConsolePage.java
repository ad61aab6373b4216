package io.ratelimit.it.endpoint;

import java.io.IOException;

import io.ratelimit.harness.Application;
import io.ratelimit.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * A browser for all tests, and an application for each, with the operators' page.
 */
abstract class WithConsolePage {

	static Browser browser;

	static ConsolePage page;

	Application application;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
		page = new ConsolePage(browser);
		browser.resize(1280, 800);
	}

	@AfterAll
	static void closeBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@AfterEach
	void stop() {
		browser.driver().get("about:blank");
		if (this.application != null) {
			this.application.close();
		}
	}

	/**
	 * Starts an application and opens its page.
	 */
	final void open(String... properties) {
		this.application = ConsolePage.start(properties);
		page.open(this.application);
	}

}
