package io.ratelimit.it.web;

import java.util.Objects;

import io.ratelimit.harness.Application;
import jakarta.servlet.ServletContext;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.context.support.WebApplicationContextUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications can have Jetty serve ambiguous paths, and none of them is a way past a
 * limit then.
 */
class LenientPathTests {

	private Application application;

	@BeforeEach
	void start() {
		this.application = Application.start(Handlers.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**,/servlet/**,/free");
		for (Connector connector : server().getConnectors()) {
			for (ConnectionFactory factory : connector.getConnectionFactories()) {
				if (factory instanceof HttpConfiguration.ConnectionFactory http) {
					http.getHttpConfiguration().setUriCompliance(UriCompliance.UNSAFE);
				}
			}
		}
		for (Handler handler : server().getDescendants()) {
			// of a package for each version of Jakarta EE
			if (handler.getClass().getSimpleName().endsWith("ServletHandler")) {
				ReflectionTestUtils.setField(handler, "_decodeAmbiguousURIs", true);
			}
		}
		assertThat(this.application.status("/free")).isEqualTo(200);
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "//api/hello", "/api//hello", "/api%2Fhello", "/api/hello/%252e",
			"/other/%2e%2e/api/hello", "/servlet//x", "/servlet/a%2fb", "/servlet%2fx", "/other/..;/servlet/x",
			"//servlet/x", "/api/..%2fservlet/x", "/files/%2e%2e/free", "/files/a/..;/..;/free" })
	void anAmbiguousPathIsNoWayPast(String path) {
		assertThat(this.application.status(path)).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/files//x", "/files/a%2Fb", "/files/a/..;/x" })
	void anAmbiguousPathThatNothingGuardsIsServed(String path) {
		assertThat(this.application.status(path)).isEqualTo(200);
		assertThat(this.application.status(path)).isEqualTo(200);
	}

	private Server server() {
		Object context = WebApplicationContextUtils
			.getRequiredWebApplicationContext(this.application.bean(ServletContext.class));
		Object webServer = Objects.requireNonNull(ReflectionTestUtils.<Object>invokeMethod(context, "getWebServer"));
		return Objects.requireNonNull(ReflectionTestUtils.<Server>invokeMethod(webServer, "getServer"));
	}

}
