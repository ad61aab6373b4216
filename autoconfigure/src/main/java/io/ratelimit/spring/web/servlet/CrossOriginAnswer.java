package io.ratelimit.spring.web.servlet;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * A response that records the header fields by which a CORS processor grants access, and
 * sends nothing.
 */
final class CrossOriginAnswer extends HttpServletResponseWrapper {

	private final MultiValueMap<String, String> fields = new LinkedMultiValueMap<>();

	private boolean rejected;

	CrossOriginAnswer(HttpServletResponse response) {
		super(response);
	}

	boolean isGranted() {
		return !this.rejected && getHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN) != null;
	}

	boolean isRejected() {
		return this.rejected;
	}

	void copyTo(HttpServletResponse response) {
		this.fields.forEach((name, values) -> {
			if (isOfInterest(name)) {
				values.forEach((value) -> response.addHeader(name, value));
			}
		});
	}

	private static boolean isOfInterest(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return lower.startsWith("access-control-") || lower.equals("vary");
	}

	@Override
	public void setHeader(String name, String value) {
		this.fields.set(name, value);
	}

	@Override
	public void addHeader(String name, String value) {
		this.fields.add(name, value);
	}

	@Override
	public @Nullable String getHeader(String name) {
		return this.fields.getFirst(name);
	}

	@Override
	public Collection<String> getHeaders(String name) {
		return this.fields.getOrDefault(name, List.of());
	}

	@Override
	public Collection<String> getHeaderNames() {
		return this.fields.keySet();
	}

	@Override
	public boolean containsHeader(String name) {
		return this.fields.containsKey(name);
	}

	@Override
	public void setStatus(int status) {
		this.rejected |= status == HttpStatus.FORBIDDEN.value();
	}

	@Override
	public void sendError(int status) {
		this.rejected = true;
	}

	@Override
	public void sendError(int status, String message) {
		this.rejected = true;
	}

	@Override
	public void setContentType(String type) {
	}

	@Override
	public void setContentLength(int length) {
	}

	@Override
	public void setContentLengthLong(long length) {
	}

	@Override
	public void setCharacterEncoding(String encoding) {
	}

	@Override
	public void flushBuffer() {
	}

	@Override
	public ServletOutputStream getOutputStream() {
		return new Nowhere();
	}

	@Override
	public PrintWriter getWriter() {
		return new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
	}

	private static final class Nowhere extends ServletOutputStream {

		@Override
		public void write(int value) {
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setWriteListener(WriteListener listener) {
		}

	}

}
