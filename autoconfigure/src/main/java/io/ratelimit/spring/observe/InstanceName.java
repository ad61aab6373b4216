package io.ratelimit.spring.observe;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.springframework.boot.system.ApplicationPid;
import org.springframework.core.env.Environment;

/**
 * What this instance of the application is called where operators see it beside others.
 */
final class InstanceName {

	private InstanceName() {
	}

	/**
	 * Returns the name.
	 * @param environment knows what the application is called, and its host if that is
	 * told to it
	 * @return {@code orders, host orders-7f9c, pid 1}
	 */
	static String of(Environment environment) {
		return "%s, host %s, pid %s".formatted(environment.getProperty("spring.application.name", "application"),
				host(environment), new ApplicationPid());
	}

	private static String host(Environment environment) {
		String told = environment.getProperty("HOSTNAME");
		if (told != null && !told.isBlank()) {
			return told;
		}
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

}
