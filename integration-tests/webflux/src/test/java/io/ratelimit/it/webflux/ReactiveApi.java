package io.ratelimit.it.webflux;

import io.ratelimit.annotation.RateLimited;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * What the tests call.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class ReactiveApi {

	@Bean
	Greetings greetings() {
		return new Greetings();
	}

	@Bean
	RouterFunction<ServerResponse> routes(Greetings greetings) {
		return RouterFunctions.route(RequestPredicates.GET("/route"),
				(request) -> greetings.greeting().flatMap((text) -> ServerResponse.ok().bodyValue(text)));
	}

	@RestController
	static class ApiController {

		@GetMapping("/mono")
		@RateLimited(limits = "1/1h", key = "#customer")
		Mono<String> mono(@RequestParam String customer) {
			return Mono.just(customer);
		}

		@GetMapping("/flux")
		@RateLimited(limits = "1/1h", key = "#customer")
		Flux<String> flux(@RequestParam String customer) {
			return Flux.just(customer, "!");
		}

		@GetMapping("/plain")
		@RateLimited(limits = "1/1h", key = "#customer")
		String plain(@RequestParam String customer) {
			return customer;
		}

	}

	static class Greetings {

		@RateLimited("greetings")
		Mono<String> greeting() {
			return Mono.just("Hello");
		}

	}

}
