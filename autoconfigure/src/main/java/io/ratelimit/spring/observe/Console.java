package io.ratelimit.spring.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.HttpRequestHandler;
import org.springframework.web.util.HtmlUtils;

/**
 * A file of the operators' page, which asks the endpoint beside it for all that it shows.
 */
final class Console implements HttpRequestHandler {

	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
			+ "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final List<String> SCRIPTS = List.of("console.js", "card.js", "parts.js", "endpoint.js");

	private final String contentType;

	private final String text;

	private Console(String file, String contentType) {
		this.contentType = contentType + ";charset=UTF-8";
		try (InputStream in = Console.class.getResourceAsStream(file)) {
			this.text = new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the files of the page.
	 * @param endpoint path of the endpoint
	 * @return what to answer at which path
	 */
	public static Map<String, HttpRequestHandler> below(String endpoint) {
		String page = endpoint + "/console";
		Map<String, HttpRequestHandler> files = new HashMap<>();
		files.put(page, new Console("console.html", "text/html"));
		files.put(page + "/console.css", new Console("console.css", "text/css"));
		files.put(page + "/icon.svg", new Console("icon.svg", "image/svg+xml"));
		for (String script : SCRIPTS) {
			files.put(page + "/" + script, new Console(script, "text/javascript"));
		}
		return files;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		String method = request.getMethod();
		if (!method.equals("GET") && !method.equals("HEAD")) {
			response.setHeader("Allow", "GET, HEAD");
			response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
			return;
		}
		response.setContentType(this.contentType);
		response.setHeader("Content-Security-Policy", POLICY);
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Referrer-Policy", "no-referrer");
		response.setHeader("Cache-Control", "no-store");
		byte[] content = content(request).getBytes(StandardCharsets.UTF_8);
		response.setContentLength(content.length);
		response.getOutputStream().write(content);
	}

	private String content(HttpServletRequest request) {
		if (!this.contentType.startsWith("text/html")) {
			return this.text;
		}
		Csrf csrf = Csrf.of(request);
		return this.text.replace("@csrf-header@", HtmlUtils.htmlEscape(csrf.header()))
			.replace("@csrf-token@", HtmlUtils.htmlEscape(csrf.token()));
	}

}
