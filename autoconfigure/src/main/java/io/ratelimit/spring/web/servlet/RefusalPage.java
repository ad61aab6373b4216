package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.LimitedResponse;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;

import org.springframework.web.util.HtmlUtils;

/**
 * A page that says what a refusal does, and counts down to when it is over. It takes
 * nothing from elsewhere; where its script may not run, it stands still.
 */
final class RefusalPage implements RefusalHandler {

	private final String text;

	RefusalPage() {
		try (InputStream in = RefusalPage.class.getResourceAsStream("refusal.html")) {
			this.text = new String(Objects.requireNonNull(in, "refusal.html").readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException {
		response.write("text/html",
				this.text.replace("@title@", HtmlUtils.htmlEscape(refusal.title()))
					.replace("@detail@", HtmlUtils.htmlEscape(refusal.detail()))
					.replace("@seconds@", Long.toString(refusal.retryAfter())));
	}

}
