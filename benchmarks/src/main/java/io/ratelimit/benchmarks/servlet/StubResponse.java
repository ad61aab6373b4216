package io.ratelimit.benchmarks.servlet;

import java.io.PrintWriter;
import java.io.Writer;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponseWrapper;

import org.springframework.mock.web.MockHttpServletResponse;

/**
 * A response that keeps its status and nothing else. Used by one thread.
 */
final class StubResponse extends HttpServletResponseWrapper {

	private final ServletOutputStream body = new ServletOutputStream() {

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void write(int octet) {
			// goes nowhere
		}

		@Override
		public void write(byte[] octets, int offset, int length) {
			// goes nowhere
		}

	};

	private final PrintWriter writer = new PrintWriter(Writer.nullWriter());

	private int status = SC_OK;

	StubResponse() {
		super(new MockHttpServletResponse());
	}

	/**
	 * Makes it a new response.
	 */
	StubResponse again() {
		this.status = SC_OK;
		return this;
	}

	@Override
	public int getStatus() {
		return this.status;
	}

	@Override
	public void setStatus(int status) {
		this.status = status;
	}

	@Override
	public boolean isCommitted() {
		return false;
	}

	@Override
	public void addHeader(String name, String value) {
		// dropped
	}

	@Override
	public void setHeader(String name, String value) {
		// dropped
	}

	@Override
	public void addIntHeader(String name, int value) {
		// dropped
	}

	@Override
	public void setIntHeader(String name, int value) {
		// dropped
	}

	@Override
	public void setContentType(String type) {
		// dropped
	}

	@Override
	public void setCharacterEncoding(String charset) {
		// dropped
	}

	@Override
	public void setContentLength(int length) {
		// dropped
	}

	@Override
	public void reset() {
		// nothing was written
	}

	@Override
	public void resetBuffer() {
		// nothing was written
	}

	@Override
	public ServletOutputStream getOutputStream() {
		return this.body;
	}

	@Override
	public PrintWriter getWriter() {
		return this.writer;
	}

	@Override
	public void flushBuffer() {
		// nothing to flush
	}

}
