package io.ratelimit.it.neighbours;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.repository.CrudRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Repositories of Spring Data, which are proxies themselves.
 */
class RepositoryTests {

	private Application application;

	private Library.Books books;

	@BeforeEach
	void start() {
		this.application = Application.start(Library.class, "ratelimit.defaults.key=global",
				"ratelimit.policies.saved=2/1h", "ratelimit.policies.found=2/1h", "ratelimit.policies.borrowed=2/1h",
				"ratelimit.policies.films=3/1h");
		this.books = this.application.bean(Library.Books.class);
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void redeclaredMethodIsLimitedHoweverItIsCalled() {
		CrudRepository<Library.Book, String> base = this.books;
		Library.Book book = new Library.Book("1", "one");
		base.save(book);
		assertThat(left("saved")).isEqualTo(1);
		this.books.save(book);
		assertRefused(() -> base.save(book));
		assertRefused(() -> this.books.save(book));
		assertThat(base.findById("1")).contains(book);
	}

	@Test
	void queryMethodIsLimited() {
		this.books.findByTitle("one");
		this.books.findByTitle("one");
		assertRefused(() -> this.books.findByTitle("one"));
	}

	@Test
	void methodOfAFragmentTakesOnePermit() {
		assertThat(this.books.borrow("1")).isEqualTo("borrowed 1");
		assertThat(left("borrowed")).isEqualTo(1);
		this.books.borrow("1");
		assertRefused(() -> this.books.borrow("1"));
	}

	@Test
	void annotatedRepositoryLimitsWhatItInherits() {
		Library.Films films = this.application.bean(Library.Films.class);
		films.save(new Library.Film("1", "one"));
		films.findAll();
		films.count();
		assertRefused(films::count);
	}

	private long left(String policy) {
		return this.application.bean(RateLimits.class).limiter(policy).peek("global").remaining();
	}

	private static void assertRefused(Runnable call) {
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(call::run);
	}

}
