package io.ratelimit.spring.web.servlet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/**
 * The body of a request that has been read before, as a stream that never blocks.
 */
final class ReplayedBody extends ServletInputStream {

	private final InputStream body;

	private boolean finished;

	ReplayedBody(InputStream body) {
		this.body = body;
	}

	@Override
	public int read() throws IOException {
		int value = this.body.read();
		this.finished |= value < 0;
		return value;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		int count = this.body.read(bytes, offset, length);
		this.finished |= count < 0;
		return count;
	}

	@Override
	public int available() throws IOException {
		return this.body.available();
	}

	@Override
	public boolean isFinished() {
		return this.finished || (this.body instanceof ByteArrayInputStream bytes && bytes.available() == 0);
	}

	@Override
	public boolean isReady() {
		return true;
	}

	@Override
	public void setReadListener(ReadListener listener) {
		try {
			listener.onDataAvailable();
			listener.onAllDataRead();
		}
		catch (IOException ex) {
			listener.onError(ex);
		}
	}

}
