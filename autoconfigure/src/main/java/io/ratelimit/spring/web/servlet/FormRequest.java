package io.ratelimit.spring.web.servlet;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * A request with a form, whose body can be read after its parameters have been asked for:
 * a handler that verifies the signature of the body finds it as it was sent.
 */
/*
 * The container reads a body once, either for parameters or for a stream. So the body of
 * an URL-encoded form is read here, when the first parameter is asked for, and the
 * container reads the query only. The parts of a multipart form are left to the
 * container, which keeps them for the handler. A form that the container cannot read
 * fails at the next attempt too: Jetty would answer that it has no parameters.
 */
final class FormRequest extends HttpServletRequestWrapper {

	/** As much as Tomcat takes of a form unless told otherwise. */
	private static final int LONGEST = 2 * 1024 * 1024;

	private final boolean urlEncoded;

	private boolean tooLarge;

	private boolean queryOnly;

	private boolean streamTaken;

	private @Nullable RuntimeException failure;

	private byte @Nullable [] body;

	private @Nullable MultiValueMap<String, String> parameters;

	private @Nullable ServletInputStream stream;

	private @Nullable BufferedReader reader;

	private FormRequest(HttpServletRequest request, boolean urlEncoded) {
		super(request);
		this.urlEncoded = urlEncoded;
		this.tooLarge = urlEncoded && request.getContentLengthLong() > LONGEST;
	}

	/**
	 * Returns a form around a request whose parameters may stand in its body, and any
	 * other request as it is.
	 */
	static HttpServletRequest of(HttpServletRequest request) {
		String type = request.getContentType();
		if (type == null || !request.getMethod().equals("POST") || request instanceof FormRequest) {
			return request;
		}
		String lower = type.toLowerCase(Locale.ROOT);
		if (lower.startsWith("application/x-www-form-urlencoded")) {
			return new FormRequest(request, true);
		}
		return lower.startsWith("multipart/form-data") ? new FormRequest(request, false) : request;
	}

	/**
	 * Works something out from this request without reading its body, unless that has
	 * been read already.
	 */
	<T extends @Nullable Object> T withoutBody(Supplier<T> work) {
		this.queryOnly = this.parameters == null;
		try {
			return work.get();
		}
		finally {
			this.queryOnly = false;
		}
	}

	/**
	 * Returns whether the body of an URL-encoded form has been read here, or the
	 * container has failed to read one, so that it has to be read from here further in,
	 * too.
	 */
	boolean hasReadBody() {
		return this.body != null || this.failure != null;
	}

	/**
	 * Returns whether the form is too large to be read for its parameters. Only the query
	 * is read then.
	 */
	boolean isTooLarge() {
		if (!this.queryOnly && !this.tooLarge) {
			form();
		}
		return this.tooLarge;
	}

	@Override
	public @Nullable String getParameter(String name) {
		String[] values = getParameterValues(name);
		return (values != null) ? values[0] : null;
	}

	@Override
	public String @Nullable [] getParameterValues(String name) {
		MultiValueMap<String, String> form = readsQueryOnly() ? null : form();
		if (readsQueryOnly()) {
			return array(query().get(name));
		}
		String[] query = (form != null) ? array(query().get(name)) : ofContainer(() -> super.getParameterValues(name));
		String[] sent = (form != null) ? array(form.get(name)) : null;
		if (query == null || sent == null) {
			return (query != null) ? query : sent;
		}
		String[] all = Arrays.copyOf(query, query.length + sent.length);
		System.arraycopy(sent, 0, all, query.length, sent.length);
		return all;
	}

	@Override
	public Map<String, String[]> getParameterMap() {
		Map<String, String[]> map = new LinkedHashMap<>();
		for (String name : Collections.list(getParameterNames())) {
			String[] values = getParameterValues(name);
			if (values != null) {
				map.put(name, values);
			}
		}
		return Collections.unmodifiableMap(map);
	}

	@Override
	public Enumeration<String> getParameterNames() {
		Map<String, Boolean> names = new LinkedHashMap<>();
		MultiValueMap<String, String> form = readsQueryOnly() ? null : form();
		if (form == null && !readsQueryOnly()) {
			return ofContainer(super::getParameterNames);
		}
		query().keySet().forEach((name) -> names.put(name, true));
		if (form != null) {
			form.keySet().forEach((name) -> names.put(name, true));
		}
		return Collections.enumeration(names.keySet());
	}

	@Override
	public ServletInputStream getInputStream() throws IOException {
		if (this.body == null) {
			this.streamTaken = true;
			return super.getInputStream();
		}
		if (this.reader != null) {
			throw new IllegalStateException("getReader() has been called for this request");
		}
		ServletInputStream stream = this.stream;
		if (stream == null) {
			stream = new ReplayedBody(rest(this.body));
			this.stream = stream;
		}
		return stream;
	}

	@Override
	public BufferedReader getReader() throws IOException {
		if (this.body == null) {
			this.streamTaken = true;
			return super.getReader();
		}
		if (this.stream != null) {
			throw new IllegalStateException("getInputStream() has been called for this request");
		}
		BufferedReader reader = this.reader;
		if (reader == null) {
			reader = new BufferedReader(new InputStreamReader(rest(this.body), charset()));
			this.reader = reader;
		}
		return reader;
	}

	private boolean readsQueryOnly() {
		return this.queryOnly || this.tooLarge;
	}

	private <T extends @Nullable Object> T ofContainer(Supplier<T> parameters) {
		if (this.failure != null) {
			throw this.failure;
		}
		try {
			return parameters.get();
		}
		catch (RuntimeException ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/**
	 * Returns the parameters of the body, or {@code null} where the container knows them.
	 */
	private @Nullable MultiValueMap<String, String> form() {
		if (this.urlEncoded && this.parameters == null && !this.streamTaken) {
			byte[] read = read();
			if (read.length == 0) {
				this.streamTaken = true; // nothing there, or the container has read it
											// before
				return null;
			}
			this.body = read;
			this.tooLarge = read.length > LONGEST;
			this.parameters = this.tooLarge ? new LinkedMultiValueMap<>()
					: FormParameters.parse(new String(read, charset()), charset());
		}
		return this.parameters;
	}

	private byte[] read() {
		try {
			return super.getInputStream().readNBytes(LONGEST + 1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the whole body; what is longer than a form may be was read in part only.
	 */
	private InputStream rest(byte[] body) throws IOException {
		InputStream read = new ByteArrayInputStream(body);
		return (body.length <= LONGEST) ? read : new SequenceInputStream(read, super.getInputStream());
	}

	private Charset charset() {
		String encoding = getCharacterEncoding();
		try {
			return (encoding != null) ? Charset.forName(encoding) : StandardCharsets.UTF_8;
		}
		catch (IllegalArgumentException ex) {
			return StandardCharsets.UTF_8;
		}
	}

	private MultiValueMap<String, String> query() {
		String query = getQueryString();
		return (query != null) ? FormParameters.parse(query, StandardCharsets.UTF_8) : new LinkedMultiValueMap<>();
	}

	private static String @Nullable [] array(java.util.@Nullable List<String> values) {
		return (values != null) ? values.toArray(String[]::new) : null;
	}

}
