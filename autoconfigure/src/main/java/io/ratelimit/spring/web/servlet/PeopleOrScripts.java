package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.LimitedResponse;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Writes a page for people, whose browsers ask for one, and problem details for scripts.
 */
final class PeopleOrScripts implements RefusalHandler {

	private static final List<MediaType> PAGES = List.of(MediaType.TEXT_HTML, MediaType.APPLICATION_XHTML_XML);

	private static final List<MediaType> DATA = List.of(MediaType.APPLICATION_PROBLEM_JSON, MediaType.APPLICATION_JSON);

	private final RefusalHandler page;

	private final RefusalHandler data = RefusalHandler.problemDetails();

	/**
	 * Creates a handler.
	 * @param page writes a page
	 */
	PeopleOrScripts(RefusalHandler page) {
		this.page = page;
	}

	@Override
	public void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException {
		(prefersPage(request.headers("Accept")) ? this.page : this.data).handle(refusal, request, response);
	}

	/**
	 * Returns whether a page is preferred to data: it is named, and data is accepted less
	 * or not at all.
	 */
	static boolean prefersPage(List<String> accept) {
		if (accept.stream().noneMatch(PeopleOrScripts::mayNamePage)) {
			return false;
		}
		try {
			List<MediaType> accepted = MediaType.parseMediaTypes(accept);
			double pages = quality(accepted.stream().filter((type) -> !type.isWildcardType()).toList(), PAGES);
			return pages > 0 && pages > quality(accepted, DATA);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	/**
	 * Returns whether ranges may include a page, without reading them: most refusals are
	 * of scripts, and should cost little.
	 */
	private static boolean mayNamePage(String ranges) {
		String lower = ranges.toLowerCase(Locale.ROOT);
		return lower.contains("text/") || lower.contains("xhtml");
	}

	/**
	 * Returns the highest quality of some types, each by the most specific range that it
	 * is in (RFC 9110, 12.5.1).
	 */
	private static double quality(List<MediaType> accepted, List<MediaType> types) {
		double highest = 0;
		for (MediaType type : types) {
			MediaType best = null;
			for (MediaType range : accepted) {
				if (range.includes(type) && (best == null || range.isMoreSpecific(best))) {
					best = range;
				}
			}
			highest = (best != null) ? Math.max(highest, best.getQualityValue()) : highest;
		}
		return highest;
	}

}
