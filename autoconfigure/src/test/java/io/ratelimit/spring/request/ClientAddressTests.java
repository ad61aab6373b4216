package io.ratelimit.spring.request;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class ClientAddressTests {

	private static final List<String> PROXIES = List.of("10.0.0.0/8", "2001:db8:ffff::/48");

	private static final Subnet NETWORK = new Subnet(32, 64);

	private final ClientAddress direct = new ClientAddress(List.of(), false, NETWORK);

	private final ClientAddress proxied = new ClientAddress(PROXIES, false, NETWORK);

	private final ClientAddress forwarded = new ClientAddress(PROXIES, true, NETWORK);

	@ParameterizedTest
	@CsvSource({ "203.0.113.7,203.0.113.7", "::ffff:203.0.113.7,203.0.113.7", "::ffff:cb00:7107,203.0.113.7",
			"0:0:0:0:0:ffff:cb00:7107,203.0.113.7", "2001:db8::1.2.3.4,2001:db8:0:0::/64",
			"2001:db8:1:2:3:4:5:6,2001:db8:1:2::/64", "0:0:0:0:0:0:0:1,0:0:0:0::/64",
			"fe80::1%eth0,fe80:0:0:0:0:0:0:1/128", "fe80::6,fe80:0:0:0:0:0:0:6/128", "64:ff9b::203.0.113.7,203.0.113.7",
			"64:ff9b:1::203.0.113.7,64:ff9b:1:0:0:0:cb00:7107/128", "not-an-address,not-an-address" })
	void thePeerIsTheClient(String peer, String client) {
		assertThat(this.direct.apply(new GivenRequest(request(peer)))).isEqualTo(client);
	}

	@ParameterizedTest
	@CsvSource({ "32,2001:db8::/32", "48,2001:db8:1::/48", "56,2001:db8:1:ab00::/56",
			"128,2001:db8:1:abcd:0:0:0:6/128" })
	void addressesAreCutToThePrefix(int prefix, String client) {
		ClientAddress address = new ClientAddress(List.of(), false, new Subnet(32, prefix));
		assertThat(address.apply(new GivenRequest(request("2001:db8:1:abcd::6")))).isEqualTo(client);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "203.0.113.7|203.0.113.7", "1.1.1.1, 203.0.113.7|203.0.113.7",
					"1.1.1.1, 203.0.113.7, 10.1.1.1|203.0.113.7", "203.0.113.7:4711|203.0.113.7",
					"[2001:db8::1]:4711|2001:db8:0:0::/64", "10.3.3.3, 10.2.2.2|10.3.3.3", "garbage, 10.2.2.2|10.2.2.2",
					"203.0.113.7, garbage|10.9.9.9", "1.1.1.1, 010.0.0.1|10.9.9.9", "203.0.113.7, , 10.1.1.1|10.1.1.1",
					"203.0.113.7, 2001:db8:ffff::9|203.0.113.7" })
	void theNearestAddressThatIsNoProxyIsTheClient(String header, String client) {
		MockHttpServletRequest request = request("10.9.9.9");
		request.addHeader("X-Forwarded-For", header);
		request.addHeader("Forwarded", "for=9.9.9.9");
		assertThat(this.proxied.apply(new GivenRequest(request))).isEqualTo(client);
	}

	@Test
	void severalLinesAreOneList() {
		MockHttpServletRequest request = request("10.9.9.9");
		request.addHeader("X-Forwarded-For", "203.0.113.7");
		request.addHeader("X-Forwarded-For", "10.1.1.1");
		assertThat(this.proxied.apply(new GivenRequest(request))).isEqualTo("203.0.113.7");
	}

	@Test
	void aPeerThatIsNoProxyIsNotBelieved() {
		MockHttpServletRequest request = request("198.51.100.1");
		request.addHeader("X-Forwarded-For", "203.0.113.7");
		assertThat(this.proxied.apply(new GivenRequest(request))).isEqualTo("198.51.100.1");
	}

	@Test
	void aMappedPeerIsRecognisedAsAProxy() {
		MockHttpServletRequest request = request("::ffff:10.9.9.9");
		request.addHeader("X-Forwarded-For", "203.0.113.7");
		assertThat(this.proxied.apply(new GivenRequest(request))).isEqualTo("203.0.113.7");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'',
			value = { "for=203.0.113.7|203.0.113.7", "for=1.1.1.1, FOR=203.0.113.7;proto=http|203.0.113.7",
					"'For=\"[2001:db8::1]:4711\"'|2001:db8:0:0::/64",
					"'for=1.1.1.1;by=\"a,b;c\", for=10.1.1.1'|1.1.1.1", "for=unknown|10.9.9.9", "proto=https|10.9.9.9",
					"for=1.1.1.1, for=_hidden|10.9.9.9" })
	void theForwardedHeaderIsReadWhereItIsAskedFor(String header, String client) {
		MockHttpServletRequest request = request("10.9.9.9");
		request.addHeader("Forwarded", header);
		request.addHeader("X-Forwarded-For", "9.9.9.9");
		assertThat(this.forwarded.apply(new GivenRequest(request))).isEqualTo(client);
	}

	@ParameterizedTest
	@MethodSource("hostileForwarded")
	void whatAClientWritesBeforeItsProxyNeverMakesAnotherClientOfIt(String text) {
		for (int i = 0; i < 5; i++) {
			String sent = text.replace("{n}", "2" + i);
			assertThat(forwarded(sent + ", for=203.0.113.9")).isEqualTo("203.0.113.9");
			assertThat(forwarded(sent + ",for=\"203.0.113.9:_p\";by=\"[::1]\";host=\"a\\\"b\""))
				.isEqualTo("203.0.113.9");
			assertThat(forwarded(sent + ", for=\"[2001:db8::9]:4711\"")).isEqualTo("2001:db8:0:0::/64");
			assertThat(forwarded(sent + ", for=203.0.113.9, for=10.2.2.2")).isEqualTo("203.0.113.9");
			assertThat(forwarded(sent, "for=203.0.113.9")).isEqualTo("203.0.113.9");
			assertThat(forwarded(sent, sent + ", for=203.0.113.9", "for=10.2.2.2")).isEqualTo("203.0.113.9");
		}
	}

	@ParameterizedTest
	@MethodSource("malformedForwarded")
	void whatDoesNotParseEndsTheWalkAtTheLastGoodAddress(String element) {
		assertThat(forwarded(element)).isEqualTo("10.9.9.9");
		assertThat(forwarded("for=1.1.1.1, " + element)).isEqualTo("10.9.9.9");
		assertThat(forwarded("for=1.1.1.1", element)).isEqualTo("10.9.9.9");
		assertThat(forwarded("for=1.1.1.1, " + element + ", for=10.2.2.2")).isEqualTo("10.2.2.2");
		assertThat(forwarded(element, "for=10.2.2.2")).isEqualTo("10.2.2.2");
	}

	@ParameterizedTest
	@MethodSource("hostileXForwardedFor")
	void whatAClientWritesBeforeItsProxyInXForwardedForDoesNotEither(String text) {
		for (int i = 0; i < 5; i++) {
			String sent = text.replace("{n}", "2" + i);
			assertThat(xForwardedFor(sent + ", 203.0.113.9")).isEqualTo("203.0.113.9");
			assertThat(xForwardedFor(sent + ",[2001:db8::9]:4711")).isEqualTo("2001:db8:0:0::/64");
			assertThat(xForwardedFor(sent + ", 203.0.113.9:80, 10.2.2.2")).isEqualTo("203.0.113.9");
			assertThat(xForwardedFor(sent, "203.0.113.9")).isEqualTo("203.0.113.9");
			assertThat(xForwardedFor(sent, sent + ", 203.0.113.9", "10.2.2.2")).isEqualTo("203.0.113.9");
		}
	}

	@Test
	void aHeaderWithThousandsOfElementsIsReadInNoTime() {
		assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
			assertThat(forwarded("for=10.1.1.1,".repeat(100_000) + "for=10.2.2.2")).isEqualTo("10.1.1.1");
			assertThat(forwarded("x,".repeat(100_000) + "for=203.0.113.9")).isEqualTo("203.0.113.9");
			assertThat(xForwardedFor("10.1.1.1,".repeat(100_000) + "10.2.2.2")).isEqualTo("10.1.1.1");
			assertThat(xForwardedFor(",".repeat(1_000_000) + "203.0.113.9")).isEqualTo("203.0.113.9");
			assertThat(xForwardedFor("1".repeat(1_000_000))).isEqualTo("10.9.9.9");
		});
	}

	@Test
	void anEndlessAddressIsBounded() {
		assertThat(this.direct.apply(new GivenRequest(request("x".repeat(10_000))))).hasSize(64);
	}

	static List<String> hostileForwarded() throws IOException {
		return lines("hostile-forwarded.txt");
	}

	static List<String> malformedForwarded() throws IOException {
		return lines("malformed-forwarded.txt");
	}

	static List<String> hostileXForwardedFor() throws IOException {
		return lines("hostile-x-forwarded-for.txt");
	}

	private static List<String> lines(String resource) throws IOException {
		try (InputStream stream = ClientAddressTests.class.getResourceAsStream(resource)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.toList();
		}
	}

	private String forwarded(String... lines) {
		return client(this.forwarded, "Forwarded", lines);
	}

	private String xForwardedFor(String... lines) {
		return client(this.proxied, "X-Forwarded-For", lines);
	}

	private static String client(ClientAddress address, String header, String... lines) {
		MockHttpServletRequest request = request("10.9.9.9");
		for (String line : lines) {
			request.addHeader(header, line);
		}
		return address.apply(new GivenRequest(request));
	}

	private static MockHttpServletRequest request(String peer) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(peer);
		return request;
	}

}
