package io.ratelimit.it.web;

import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An annotation on the class of a controller: a request takes one permit.
 */
class ControllerTests {

	private static Application application;

	@BeforeAll
	static void start() {
		application = Application.start(Shop.class, "ratelimit.policies.shop=100/1h",
				"ratelimit.policies.contract=2/1h", "ratelimit.policies.advice=1/1h");
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@Test
	void requestTakesOnePermitWhateverIsCalledForIt() {
		long before = left("shop");
		assertThat(application.get("/shop/1?name=x").body()).isEqualTo("1 x");
		assertThat(left("shop")).isEqualTo(before - 1);
		assertThat(application.get("/shop/broken?name=x").body()).isEqualTo("broken");
		assertThat(left("shop")).isEqualTo(before - 2);
	}

	@Test
	void handlersThatAnInterfaceMapsAreLimited() {
		assertThat(application.statuses(3, "/contract/1")).containsExactly(200, 200, 429);
	}

	@Test
	void adviceIsNotLimited() {
		assertThat(application.get("/failing").body()).isEqualTo("advised");
		assertThat(application.get("/failing").body()).isEqualTo("advised");
	}

	private static long left(String policy) {
		return application.bean(RateLimits.class).limiter(policy).peek("127.0.0.1").remaining();
	}

	interface Contract {

		@GetMapping("/contract/{id}")
		String contract(@PathVariable String id);

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Shop {

		@RestController
		@RequestMapping("/shop")
		@RateLimited("shop")
		static class ShopController {

			@InitBinder
			void binder(WebDataBinder binder) {
			}

			@ModelAttribute("first")
			String first() {
				return "first";
			}

			@ModelAttribute("second")
			String second() {
				return "second";
			}

			@GetMapping("/{id}")
			String item(@PathVariable String id, @RequestParam String name) {
				return id + " " + name;
			}

			@GetMapping("/broken")
			String broken(@RequestParam String name) {
				throw new IllegalStateException(name);
			}

			@ExceptionHandler(IllegalStateException.class)
			ResponseEntity<String> broken(IllegalStateException ex) {
				return ResponseEntity.ok("broken");
			}

		}

		@RestController
		@RateLimited("contract")
		static class ContractController implements Contract {

			@Override
			public String contract(String id) {
				return id;
			}

		}

		@RestController
		static class FailingController {

			@GetMapping("/failing")
			String fail() {
				throw new UnsupportedOperationException();
			}

		}

		@RestControllerAdvice
		@RateLimited("advice")
		static class Advice {

			@ExceptionHandler(UnsupportedOperationException.class)
			ResponseEntity<String> failed(UnsupportedOperationException ex) {
				return ResponseEntity.ok("advised");
			}

		}

	}

}
