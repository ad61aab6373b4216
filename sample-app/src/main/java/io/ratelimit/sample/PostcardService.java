package io.ratelimit.sample;

import io.ratelimit.annotation.RateLimited;

import org.springframework.stereotype.Service;

/**
 * Postcards, limited in place: nobody is sent more than five a minute, however many
 * people write.
 */
@Service
@RateLimited(limits = "5/1m", key = "#recipient")
class PostcardService {

	private final Quotes quotes;

	PostcardService(Quotes quotes) {
		this.quotes = quotes;
	}

	public Postcard send(String recipient) {
		return new Postcard(recipient, this.quotes.random());
	}

	@RateLimited(disabled = true)
	public Postcard preview(String recipient) {
		return new Postcard(recipient, this.quotes.random());
	}

}
