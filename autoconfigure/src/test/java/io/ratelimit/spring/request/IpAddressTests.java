package io.ratelimit.spring.request;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IpAddressTests {

	private static final int ADDRESSES = 100_000;

	private final Random random = new Random(4291);

	@Test
	void everyWayToWriteAnAddressIsReadAsTheJdkReadsIt() throws UnknownHostException {
		for (int i = 0; i < ADDRESSES; i++) {
			byte[] address = address();
			String full = fullText(address);
			// the JDK reads what has a colon in it and nothing but hexadecimal digits as
			// a literal
			assertThat(IpAddress.canonical(InetAddress.getByName(full).getAddress())).as(full)
				.isEqualTo(IpAddress.canonical(address));
			for (String text : new String[] { full, full.toUpperCase(Locale.ROOT), compressed(full),
					dottedTail(address, full), compressed(dottedTail(address, full)) }) {
				assertThat(IpAddress.parse(text)).as(text).isEqualTo(IpAddress.canonical(address));
				assertThat(IpAddress.parse("[" + text + "]:4711")).as(text).isEqualTo(IpAddress.canonical(address));
			}
			assertThat(IpAddress.parse(InetAddress.getByAddress(address).getHostAddress()))
				.isEqualTo(IpAddress.canonical(address));
		}
	}

	@Test
	void whatIsMutatedIsReadAsTheJdkReadsItOrNotAtAll() throws UnknownHostException {
		int addresses = 0;
		for (int i = 0; i < ADDRESSES; i++) {
			byte[] address = address();
			StringBuilder text = new StringBuilder(compressed(fullText(address)));
			int index = this.random.nextInt(text.length());
			text.replace(index, index + this.random.nextInt(2), "" + ":.1f".charAt(this.random.nextInt(4)));
			byte[] parsed = (text.indexOf(":") >= 0) ? IpAddress.literal(text.toString()) : null;
			if (parsed != null) {
				addresses++;
				assertThat(IpAddress.canonical(InetAddress.getByName(text.toString()).getAddress())).as(text.toString())
					.isEqualTo(IpAddress.canonical(parsed));
			}
		}
		assertThat(addresses).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ":", ":::", "::::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
			"1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "12345::", "::00001", "::g", ":1:2:3:4:5:6:7",
			"1:2:3:4:5:6:7:", "::1:", ":1::", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "::1.2.3.04", "::1..3.4",
			"1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", ".::1", "::1.", "::.1.2.3", "1:2", "a:b", " ::1",
			"::1 ", "::１", "[::1", "::1]", "[]", "[", "[::1]x", "[::1]:", "[::1]:x", "[::1]:123456", "[1.2.3.4]",
			"[[::1]]", "%", "%eth0", "::1%", "::1%eth 0", "::1%\u00e9", "::1%a%b", "1.2.3.4%eth0", "fe80::1%25[", "1",
			"1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1..2.3", ".1.2.3", "1.2.3.", "1.2.3.4:", "1.2.3.4:x",
			"1.2.3.4:123456", "1.2.3.4:1:", "+1.2.3.4", "0x1.2.3.4", "localhost", "example.com", "::ffff:1.2.3.4.5" })
	void whatIsNoAddressIsNotRead(String text) {
		assertThat(IpAddress.parse(text)).isNull();
	}

	@Test
	void anEndlessAddressIsNotRead() {
		for (String part : new String[] { ":", "::", "1", "1:", "1.", ".", "%", "[", "f%" }) {
			assertThat(IpAddress.parse(part.repeat(1_000_000))).isNull();
			assertThat(IpAddress.parse("::1%" + part.repeat(1_000_000))).isNull();
		}
	}

	@ParameterizedTest
	@CsvSource({ "::ffff:203.0.113.7,cb007107", "::ffff:cb00:7107,cb007107", "::FFFF:203.0.113.7%eth0,cb007107",
			"64:ff9b::203.0.113.7,cb007107", "64:ff9b::cb00:7107,cb007107", "0064:ff9b:0:0:0:0:cb00:7107,cb007107",
			"64:ff9b:0:0:0:1:cb00:7107,0064ff9b0000000000000001cb007107",
			"64:ff9b:1::203.0.113.7,0064ff9b0001000000000000cb007107", "::203.0.113.7,000000000000000000000000cb007107",
			"2001:db8::ffff:203.0.113.7,20010db8000000000000ffffcb007107",
			"fe80::1%eth0.1,fe800000000000000000000000000001" })
	void addressesHaveOneForm(String text, String bytes) {
		byte[] address = IpAddress.parse(text);
		assertThat(address).isNotNull();
		assertThat(HexFormat.of().formatHex(address)).isEqualTo(bytes);
	}

	@ParameterizedTest
	@CsvSource({ "fe80::1,true", "febf::1,true", "fec0::1,false", "64:ff9b:1::1,true", "64:ff9b:1:ffff::1,true",
			"64:ff9b:2::1,false", "65:ff9b:1::1,false", "2001:db8::1,false", "::1,false", "203.0.113.7,false" })
	void someNetworksAreShared(String text, boolean shared) {
		byte[] address = IpAddress.parse(text);
		assertThat(address).isNotNull();
		assertThat(IpAddress.sharesNetwork(address)).isEqualTo(shared);
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8,10.255.0.1,true", "10.0.0.0/8,11.0.0.1,false", "10.0.0.0/8,::ffff:10.0.0.1,true",
			"10.0.0.0/8,64:ff9b::10.0.0.1,true", "::ffff:10.0.0.0/104,10.1.2.3,true",
			"::ffff:10.0.0.0/104,11.1.2.3,false", "64:ff9b::a00:0/104,10.1.2.3,true", "64:ff9b::10.0.0.1,10.0.0.1,true",
			"64:ff9b::/32,0.0.0.0,false", "64:ff9b::/32,64:ff9b:1::1,true", "::ffff:0:0/24,0.0.0.1,false",
			"::/0,2001:db8::1,true", "::/0,10.0.0.1,false", "fe80::/10,fe80::6%eth0,true", "fe80::1,fe80::1,true",
			"fe80::1,fe80::6,false", "::1,::1,true" })
	void networksAreComparedInTheSameForm(String network, String address, boolean contained) {
		byte[] candidate = IpAddress.parse(address);
		assertThat(candidate).isNotNull();
		assertThat(Network.valueOf(network).contains(candidate)).isEqualTo(contained);
	}

	@ParameterizedTest
	@ValueSource(strings = { "64:ff9b::/96", "::ffff:0:0/96", "10.0.0.0/33", "::/129", "::/-1", "10.0.0.0/", "/8", "",
			"proxy.local", "10.0.0.1:80", "[::1]", ".::1", "10.0.0/8" })
	void whatIsNoNetworkIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Network.valueOf(text)).withMessageContaining(text);
	}

	private byte[] address() {
		byte[] address = new byte[16];
		this.random.nextBytes(address);
		if (this.random.nextInt(10) == 0) {
			byte[] prefix = HexFormat.of()
				.parseHex(this.random.nextBoolean() ? "00000000000000000000ffff" : "0064ff9b0000000000000000");
			System.arraycopy(prefix, 0, address, 0, prefix.length);
			return address;
		}
		int zeros = this.random.nextInt(9);
		int from = this.random.nextInt(9 - zeros);
		Arrays.fill(address, 2 * from, 2 * (from + zeros), (byte) 0);
		return address;
	}

	private static String fullText(byte[] address) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < 16; i += 2) {
			text.append((i > 0) ? ":" : "")
				.append(Integer.toHexString(((address[i] & 0xFF) << 8) | (address[i + 1] & 0xFF)));
		}
		return text.toString();
	}

	private String compressed(String full) {
		String[] groups = full.split(":");
		for (int length = groups.length; length > 0; length--) {
			for (int i = 0; i + length <= groups.length; i++) {
				if (Arrays.stream(groups, i, i + length).allMatch("0"::equals) && this.random.nextInt(4) > 0) {
					return String.join(":", Arrays.copyOfRange(groups, 0, i)) + "::"
							+ String.join(":", Arrays.copyOfRange(groups, i + length, groups.length));
				}
			}
		}
		return full;
	}

	private static String dottedTail(byte[] address, String full) {
		int second = full.lastIndexOf(':', full.lastIndexOf(':') - 1);
		return full.substring(0, second + 1) + (address[12] & 0xFF) + "." + (address[13] & 0xFF) + "."
				+ (address[14] & 0xFF) + "." + (address[15] & 0xFF);
	}

}
