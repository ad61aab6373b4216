package io.ratelimit.spring.request;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests are counted and answered, as it stands in configuration.
 *
 * @param keySecret Secret by which session ids, header fields and cookies are hashed
 * before they are used as keys. The same in all instances that share a store.
 * @param http Header fields of responses, and how addresses of clients are known.
 */
@ConfigurationProperties("ratelimit")
record RequestProperties(@Nullable String keySecret, @DefaultValue Http http) {

	/**
	 * Header fields of responses, and how addresses of clients are known.
	 *
	 * @param headers Style of the header fields.
	 * @param xReset What X-RateLimit-Reset holds.
	 * @param shadowHeaders Whether header fields tell of policies in shadow mode too.
	 * @param status Status of a refusal.
	 * @param trustedProxies Addresses of proxies, as CIDR ranges, whose forwarding header
	 * is believed.
	 * @param forwardedHeader Header field that the trusted proxies write.
	 * @param ipv6Prefix Bits of an IPv6 address that make up one client.
	 * @param ipv4Subnet Bits of an IPv4 address that make up a subnet.
	 * @param ipv6Subnet Bits of an IPv6 address that make up a subnet. 48, or those of a
	 * client where they are fewer.
	 * @param foldPrincipals Whether names of principals that differ in case, width or
	 * blanks around them are one key.
	 */
	record Http(@DefaultValue("draft") HeaderStyle headers, @DefaultValue("epoch") HeaderStyle.XReset xReset,
			@DefaultValue("false") boolean shadowHeaders, @DefaultValue("429") int status,
			@DefaultValue List<String> trustedProxies,
			@DefaultValue("x-forwarded-for") ForwardingHeader forwardedHeader, @DefaultValue("64") int ipv6Prefix,
			@DefaultValue("24") int ipv4Subnet, @Nullable Integer ipv6Subnet,
			@DefaultValue("false") boolean foldPrincipals) {
	}

	/**
	 * Header fields in which proxies name the client of a request.
	 */
	enum ForwardingHeader {

		/** The header field X-Forwarded-For. */
		X_FORWARDED_FOR,

		/** The header field Forwarded of RFC 7239. */
		FORWARDED

	}

}
