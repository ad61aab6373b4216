package io.ratelimit.it.aot;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Limits by path, and on methods by expressions over an argument and over a bean.
 */
@SpringBootApplication
class ShopApplication {

	public static void main(String[] args) {
		SpringApplication.run(ShopApplication.class, args);
	}

	@Bean
	Orders orders() {
		return new Orders();
	}

	@Bean
	Distances distances() {
		return new Distances();
	}

	/**
	 * What clients call.
	 */
	@RestController
	static class Shop {

		private final Orders orders;

		Shop(Orders orders) {
			this.orders = orders;
		}

		@GetMapping("/goods")
		String goods() {
			return "goods";
		}

		@GetMapping("/order")
		String order(String customer) {
			return this.orders.place(new Order(customer));
		}

		@GetMapping("/orders")
		String orders(String customer) {
			return this.orders.placeAll(new Order(customer), new Order(customer));
		}

		@GetMapping("/deliver")
		String deliver(String town) {
			return this.orders.deliver(town);
		}

	}

	/**
	 * What is limited behind it.
	 */
	static class Orders {

		@RateLimited(limits = "2/1h", key = "#order.customer().toLowerCase()")
		String place(Order order) {
			return order.customer();
		}

		String placeAll(Order... orders) {
			return Stream.of(orders).map(this::place).collect(Collectors.joining());
		}

		@RateLimited(limits = "5/1h", cost = "@distances.to(#town)")
		String deliver(String town) {
			return town;
		}

	}

	/**
	 * How far it is to a town.
	 */
	static class Distances {

		public int to(String town) {
			return town.length();
		}

	}

	/**
	 * An order.
	 *
	 * @param customer who pays
	 */
	record Order(String customer) {
	}

}
