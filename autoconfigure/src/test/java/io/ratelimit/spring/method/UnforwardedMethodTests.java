package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods that run on a proxy, which has none of the fields of its bean.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnforwardedMethodTests {

	private static final String HERE = UnforwardedMethodTests.class.getName() + "$";

	@Test
	void finalMethodsThatRunOnTheProxyAreNamedOnce(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Shop.class)) {
			assertThat(application.bean(Shop.class)).isNotNull();
		}
		assertThat(output).containsOnlyOnce(HERE + "Shop is limited by a proxy that has none of its fields, and "
				+ "these methods run on the proxy, as they are final or private: [" + HERE + "Shop.name(), " + HERE
				+ "ShopBase.place()]. Make them non-final and non-private");
	}

	@Test
	void privateHandlersOfALimitedControllerAreNamedOnce(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Desk.class)) {
			assertThat(application.bean(Desk.class)).isNotNull();
		}
		assertThat(output).containsOnlyOnce(
				"as they are final or private: [" + HERE + "Desk.failed(), " + HERE + "Desk.hidden()]. Make them");
	}

	@Test
	void finalMethodsAreNotNamedWhereNothingIsLimited(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Unlimited.class)) {
			assertThat(application.bean(Unlimited.class)).isNotNull();
		}
		assertThat(output).doesNotContain("past the proxy", "run on the proxy");
	}

	@Test
	void finalMethodsAreNotNamedWhereInterfacesAreProxied(CapturedOutput output) {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(ByInterface.class)) {
			assertThat(application.bean(Running.class)).isNotNull();
		}
		assertThat(output).doesNotContain("past the proxy", "run on the proxy");
	}

	@Test
	void finalMethodsOfAClassWithoutFieldsAreNotNamed(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Fieldless.class)) {
			assertThat(application.bean(Fieldless.class)).isNotNull();
		}
		assertThat(output).doesNotContain("past the proxy", "run on the proxy");
	}

	static class ShopBase {

		private final String place = "here";

		public final String place() {
			return this.place;
		}

	}

	static class Shop extends ShopBase {

		private final String name = "shop";

		@RateLimited("one")
		public void buy() {
			free();
		}

		public final String name() {
			return this.name;
		}

		public static final String kind() {
			return "shop";
		}

		private void free() {
		}

	}

	@Controller
	static class Desk {

		private final String name = "desk";

		@GetMapping("/shown")
		@RateLimited("one")
		String shown() {
			return this.name;
		}

		@SuppressWarnings("UnusedMethod")
		@GetMapping("/hidden")
		private String hidden() {
			return this.name;
		}

		@SuppressWarnings("UnusedMethod")
		@ExceptionHandler
		private String failed() {
			return this.name;
		}

	}

	static class Unlimited {

		private final String name = "unlimited";

		public final String name() {
			return this.name;
		}

	}

	interface Running {

		void run();

	}

	static class ByInterface implements Running {

		private final String name = "interface";

		@Override
		@RateLimited("one")
		public void run() {
		}

		public final String name() {
			return this.name;
		}

	}

	static class Fieldless {

		@RateLimited("one")
		public void run() {
		}

		public final String name() {
			return "fieldless";
		}

	}

}
