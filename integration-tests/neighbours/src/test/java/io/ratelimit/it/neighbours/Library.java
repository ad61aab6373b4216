package io.ratelimit.it.neighbours;

import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.data.annotation.Id;
import org.springframework.data.keyvalue.repository.KeyValueRepository;
import org.springframework.data.map.repository.config.EnableMapRepositories;
import org.springframework.data.repository.CrudRepository;

/**
 * An application with repositories of Spring Data.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableMapRepositories(considerNestedRepositories = true)
class Library {

	record Book(@Id String id, String title) {

	}

	record Film(@Id String id, String title) {

	}

	interface Books extends KeyValueRepository<Book, String>, Borrowing {

		@Override
		@RateLimited("saved")
		<S extends Book> S save(S book);

		@RateLimited("found")
		Book findByTitle(String title);

	}

	@RateLimited("films")
	interface Films extends CrudRepository<Film, String> {

	}

	interface Borrowing {

		@RateLimited("borrowed")
		String borrow(String id);

	}

	static class BorrowingImpl implements Borrowing {

		@Override
		public String borrow(String id) {
			return "borrowed " + id;
		}

	}

}
