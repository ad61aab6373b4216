package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.ratelimit.spring.request.GivenRules;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What limits see of a request to a servlet, and of its response.
 */
class LimitedServletRequestTests {

	private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/app/a%20b");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private final LimitedServletRequest view = view(this.request);

	@Test
	void everythingComesFromTheServletsRequest() {
		this.request.addHeader("A", "1");
		this.request.addHeader("A", "2");
		this.request.setCookies(new Cookie("c", "v"));
		this.request.addParameter("p", "x", "y");
		this.request.setRemoteAddr("10.0.0.1");
		assertThat(this.view.method()).isEqualTo("POST");
		assertThat(this.view.path()).isEqualTo("/app/a%20b");
		assertThat(this.view.header("a")).isEqualTo("1");
		assertThat(this.view.headers("a")).containsExactly("1", "2");
		assertThat(this.view.headerNames()).contains("A");
		assertThat(this.view.cookie("c")).isEqualTo("v");
		assertThat(this.view.parameters("p")).containsExactly("x", "y");
		assertThat(this.view.remoteAddress()).isEqualTo("10.0.0.1");
		assertThat(this.view.principal()).isNull();
		this.request.setUserPrincipal(() -> "alice");
		assertThat(this.view.principal()).isNotNull();
	}

	@Test
	void whatIsNotThereIsNullOrEmpty() {
		assertThat(this.view.header("A")).isNull();
		assertThat(this.view.headers("A")).isEmpty();
		assertThat(this.view.cookie("c")).isNull();
		assertThat(this.view.parameters("p")).isEmpty();
	}

	@Test
	void noSessionIsBegun() {
		assertThat(this.view.sessionId()).isNull();
		assertThat(this.request.getSession(false)).isNull();
		String id = this.request.getSession(true).getId();
		assertThat(this.view.sessionId()).isEqualTo(id);
	}

	@Test
	void theClientStandsBehindTrustedProxies() {
		this.request.setRemoteAddr("10.0.0.1");
		this.request.addHeader("X-Forwarded-For", "203.0.113.7");
		assertThat(this.view.clientAddress()).isEqualTo("203.0.113.7");
	}

	@Test
	void theServletsObjectsAreReachable() {
		assertThat(this.view.unwrap(HttpServletRequest.class)).isSameAs(this.request);
		LimitedServletRequest wrapped = view(new HttpServletRequestWrapper(this.request));
		assertThat(wrapped.unwrap(HttpServletRequest.class)).isInstanceOf(HttpServletRequestWrapper.class);
		assertThat(wrapped.unwrap(MockHttpServletRequest.class)).isSameAs(this.request);
		assertThatIllegalArgumentException().isThrownBy(() -> this.view.unwrap(String.class))
			.withMessage("this is a request to a servlet, and no java.lang.String");
		LimitedServletResponse answer = new LimitedServletResponse(this.request, this.response);
		assertThat(answer.unwrap(HttpServletResponse.class)).isSameAs(this.response);
		assertThatIllegalArgumentException().isThrownBy(() -> answer.unwrap(String.class))
			.withMessage("this is the response of a servlet, and no java.lang.String");
	}

	@Test
	void aFormCanBeReadAfterItsParameters() throws IOException {
		this.request.setContentType("application/x-www-form-urlencoded");
		this.request.setContent("p=x".getBytes(StandardCharsets.UTF_8));
		LimitedServletRequest form = this.view.withForm();
		assertThat(form).isNotSameAs(this.view);
		assertThat(form.withForm()).isSameAs(form);
		assertThat(form.parameters("p")).containsExactly("x");
		assertThat(form.isFormTooLarge()).isFalse();
		assertThat(form.unwrap(HttpServletRequest.class).getInputStream().readAllBytes()).asString().isEqualTo("p=x");
	}

	@Test
	void aRequestWithoutAFormIsItsOwnView() {
		assertThat(this.view.withForm()).isSameAs(this.view);
		assertThat(this.view.form()).isNull();
		assertThat(this.view.isFormTooLarge()).isFalse();
	}

	@Test
	void aBodyIsWrittenWithItsTypeAndLength() throws IOException {
		new LimitedServletResponse(this.request, this.response).write("text/plain;charset=UTF-8", "n\u00f6");
		assertThat(this.response.getContentType()).isEqualTo("text/plain;charset=UTF-8");
		assertThat(this.response.getContentLength()).isEqualTo(3);
		assertThat(this.response.getContentAsString(StandardCharsets.UTF_8)).isEqualTo("n\u00f6");
	}

	@Test
	void nothingIsWrittenToWhoAsksForTheHead() throws IOException {
		this.request.setMethod("HEAD");
		new LimitedServletResponse(this.request, this.response).write("text/plain", "no");
		assertThat(this.response.getContentLength()).isEqualTo(2);
		assertThat(this.response.getContentAsByteArray()).isEmpty();
	}

	private static LimitedServletRequest view(HttpServletRequest request) {
		return new LimitedServletRequest(request, GivenRules.addresses("10.0.0.0/8"));
	}

}
