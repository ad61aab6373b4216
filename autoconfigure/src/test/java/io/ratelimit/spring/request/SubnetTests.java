package io.ratelimit.spring.request;

import java.util.List;
import java.util.Map;

import io.ratelimit.spring.expression.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SubnetTests {

	private final KeyParser parser = new KeyParser(GivenRequest.settings(), new Expressions(null), (name) -> {
		throw new IllegalArgumentException(name);
	});

	@ParameterizedTest
	@CsvSource({ "203.0.113.7,203.0.113.0/24", "203.0.113.0/24,203.0.113.0/24", "255.255.255.255,255.255.255.0/24",
			"2001:db8:1:2::/64,2001:db8:1::/48", "2001:db8:1:2:3:4:5:6,2001:db8:1::/48",
			"2001:db8:1::/48,2001:db8:1::/48", "::ffff:203.0.113.7,203.0.113.0/24", "0:0:0:0::/64,0:0:0::/48",
			"fe80:0:0:0:0:0:0:1/128,fe80:0:0:0:0:0:0:1/128",
			"64:ff9b:1:0:0:0:cb00:7107/128,64:ff9b:1:0:0:0:cb00:7107/128", "unknown,unknown" })
	void anAddressBelongsToASubnet(String address, String subnet) {
		assertThat(new Subnet(24, 48).apply(address)).isEqualTo(subnet);
	}

	@ParameterizedTest
	@CsvSource({ "203.0.113.7,16,203.0.0.0/16", "203.0.113.7,32,203.0.113.7", "203.0.113.7,1,128.0.0.0/1",
			"2001:db8:ab12:2::/64,56,2001:db8:ab12:0::/56", "2001:db8:ab12:2::/64,40,2001:db8:ab00::/40" })
	void itIsAsLargeAsThatIsConfigured(String address, int bits, String subnet) {
		assertThat(new Subnet(Math.min(bits, 32), bits).apply(address)).isEqualTo(subnet);
	}

	@Test
	void whoHasManyAddressesOfANetworkHasOneKey() {
		RequestKey key = this.parser.parse("subnet", "api");
		assertThat(key.resolve(request("203.0.113.7"), Map.of())).isEqualTo("203.0.113.0/24")
			.isEqualTo(key.resolve(request("203.0.113.250"), Map.of()))
			.isNotEqualTo(key.resolve(request("203.0.114.7"), Map.of()));
		assertThat(List.of(key.typed("203.0.113.9"), key.typed("203.0.113.0/24"))).containsOnly("203.0.113.0/24");
		assertThat(key.certain()).isTrue();
		assertThat(key.usesAddress()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "' 203.0.113.9 ',203.0.113.9,203.0.113.0/24", "203.0.113.9:80,203.0.113.9,203.0.113.0/24",
			"[2001:db8:1:2:3::1]:443,2001:db8:1:2::/64,2001:db8:1::/48",
			"2001:db8:1::1,2001:db8:1:0::/64,2001:db8:1::/48", "::ffff:203.0.113.9,203.0.113.9,203.0.113.0/24",
			"unknown,unknown,unknown", "alice,alice,alice" })
	void anAddressIsTypedAsAPersonWritesIt(String text, String ip, String subnet) {
		assertThat(this.parser.parse("ip", "api").typed(text)).isEqualTo(ip);
		assertThat(this.parser.parse("subnet", "api").typed(text)).isEqualTo(subnet);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "ip|localhost|'localhost' is a name", "ip|203.0.113|'203.0.113' is not an address",
					"subnet|203.0.113.0/16|'203.0.113.0/16' is another network than 203.0.113.0/24",
					"ip|203.0.113.0/24|'203.0.113.0/24' is another network than 203.0.113.0",
					"ip + global|203.0.113.7 + everybody|'everybody' is no key here", "global|*|'*' is no key here" })
	void whatNoRequestHasIsRefused(String key, String text, String reason) {
		RequestKey parsed = this.parser.parse(key, "api");
		assertThatIllegalArgumentException().isThrownBy(() -> parsed.typed(text)).withMessageContaining(reason);
	}

	@Test
	void asAnAlternativeItIsKeptApartFromTheOthers() {
		RequestKey key = this.parser.parse("header:X-Api-Key | subnet", "api");
		assertThat(key.resolve(request("203.0.113.7"), Map.of())).isEqualTo("~subnet~203.0.113.0/24");
		assertThat(key.typed("subnet=203.0.113.7")).isEqualTo("~subnet~203.0.113.0/24");
	}

	private static LimitedRequest request(String address) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(address);
		return new GivenRequest(request);
	}

}
