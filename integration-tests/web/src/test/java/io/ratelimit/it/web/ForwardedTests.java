package io.ratelimit.it.web;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a client writes into a forwarding header before its proxy appends an address.
 */
class ForwardedTests {

	/** N is what the client changes from request to request. */
	private static final List<String> HOSTILE = List.of("for=6.6.6.N", "for=6.6.6.N;host=\"\\\"\", for=7.7.7.N",
			"for=6.6.6.N;host=\"\\\"", "for=6.6.6.N;host=\"", "for=\"6.6.6.N", "for=6.6.6.N\"", "\"for=6.6.6.N",
			"for=6.6.6.N;x=\"\\\",y=\"", "for=6.6.6.N;for=6.6.7.N", "for=[2001:db8:N::1]", "for=\"2001:db8:N::1\"",
			"for=\"[2001:db8:N::1]:_pN\", for=\"_hiddenN\"", "for=unknownN, for=_N", ",,,for=6.6.6.N,,,",
			"for=6.6.6.N;", "for= 6.6.6.N", "host=\"for=6.6.6.N, for=127.0.0.1\"", "for=127.0.0.1, for=\"127.0.0.N",
			"N", "\\N\"");

	private static final List<String> HOSTILE_ADDRESSES = List.of("6.6.6.N", "garbageN", "\"6.6.6.N", ",,6.6.6.N,,",
			"6.6.6.N:4711", "6.6.6.N:", "[6.6.6.N]", "[2001:db8:N::1]", "[2001:db8:N::1]:4711", "[2001:db8:N::1",
			"2001:db8:N::1]", "2001:db8:N::1%eth0", "fe80::N%ethN", "::ffff:6.6.6.N", "64:ff9b::6.6.6.N", ".::N",
			":::N", "127.0.0.N, 6.6.6.N", "unknown, 6.6.6.N", "for=6.6.6.N");

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void noForwardedHeaderMakesTwoClientsOfOne() {
		start("forwarded");
		assertThat(HOSTILE).hasSize(20);
		List<Integer> statuses = new ArrayList<>();
		for (String text : HOSTILE) {
			for (int i = 1; i <= 5; i++) {
				String sent = text.replace("N", Integer.toString(i));
				statuses.add(status("Forwarded", sent + ", for=203.0.113.9"));
				statuses.add(status("Forwarded", sent + ";x=\"y\",for=\"203.0.113.9:4711\";host=\"a\\\"b\""));
				statuses.add(status("Forwarded", sent, "Forwarded", "for=203.0.113.9;proto=http"));
			}
		}
		assertThat(statuses).hasSize(300).filteredOn((status) -> status == 200).hasSize(1);
		assertThat(statuses).filteredOn((status) -> status == 429).hasSize(299);
		assertThat(status("Forwarded", "for=203.0.113.10")).isEqualTo(200);
		assertThat(status("Forwarded", "for=\"[2001:db8::1]:4711\"")).isEqualTo(200);
	}

	@Test
	void aProxysElementThatDoesNotParseCountsAsTheProxy() {
		start("forwarded");
		List<Integer> statuses = new ArrayList<>();
		for (int i = 1; i <= 5; i++) {
			statuses.add(status("Forwarded", "for=6.6.6." + i + ", for=\"203.0.113." + i));
			statuses.add(status("Forwarded", "for=6.6.6." + i + ", for=2001:db8:" + i + "::1"));
			statuses.add(status("Forwarded", "for=6.6.6." + i + ", for=unknown"));
			statuses.add(status("Forwarded", "for=6.6.6." + i, "Forwarded", "proto=https"));
		}
		assertThat(statuses).filteredOn((status) -> status == 200).hasSize(1);
		assertThat(status("Forwarded", "for=203.0.113.1")).isEqualTo(200);
		assertThat(status("Forwarded", "for=6.6.6.1")).isEqualTo(200);
	}

	@Test
	void noXForwardedForMakesTwoClientsOfOne() {
		start("x-forwarded-for");
		assertThat(HOSTILE_ADDRESSES).hasSize(20);
		List<Integer> statuses = new ArrayList<>();
		for (String text : HOSTILE_ADDRESSES) {
			for (int i = 1; i <= 5; i++) {
				String sent = text.replace("N", Integer.toString(i));
				statuses.add(status("X-Forwarded-For", sent + ", 203.0.113.9"));
				statuses.add(status("X-Forwarded-For", sent + ",203.0.113.9:471" + i + ", 127.0.0.1"));
				statuses.add(status("X-Forwarded-For", sent, "X-Forwarded-For", "203.0.113.9"));
			}
		}
		assertThat(statuses).hasSize(300).filteredOn((status) -> status == 200).hasSize(1);
		assertThat(statuses).filteredOn((status) -> status == 429).hasSize(299);
		assertThat(status("X-Forwarded-For", "203.0.113.10")).isEqualTo(200);
		assertThat(status("X-Forwarded-For", "[2001:db8::1]:4711")).isEqualTo(200);
	}

	@Test
	void clientsBehindNat64AndOnALinkAreCountedOneByOne() {
		start("x-forwarded-for");
		assertThat(status("X-Forwarded-For", "64:ff9b::203.0.113.1")).isEqualTo(200);
		assertThat(status("X-Forwarded-For", "64:ff9b::cb00:7102")).isEqualTo(200);
		assertThat(status("X-Forwarded-For", "203.0.113.1")).isEqualTo(429);
		assertThat(status("X-Forwarded-For", "64:ff9b:1::203.0.113.1")).isEqualTo(200);
		assertThat(status("X-Forwarded-For", "64:ff9b:1::203.0.113.2")).isEqualTo(200);
		assertThat(status("X-Forwarded-For", "fe80::1%eth0")).isEqualTo(200);
		assertThat(status("X-Forwarded-For", "fe80::6%eth0")).isEqualTo(200);
		assertThat(status("X-Forwarded-For", "fe80::6%eth1")).isEqualTo(429);
	}

	private int status(String... headers) {
		return this.application.get("/api/hello", headers).status();
	}

	private void start(String header) {
		this.application = Application.start(Api.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.http.trusted-proxies=127.0.0.0/8,::1",
				"ratelimit.http.forwarded-header=" + header);
	}

}
