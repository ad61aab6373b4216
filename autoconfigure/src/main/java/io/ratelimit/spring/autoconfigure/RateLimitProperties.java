package io.ratelimit.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.ratelimit.FailureMode;
import io.ratelimit.Mode;
import io.ratelimit.spring.policy.Guard.MissingKey;
import io.ratelimit.spring.request.HeaderStyle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Rate limits as they stand in configuration. A property that is not known is an error,
 * as a misspelt limit would be no limit.
 *
 * @param enabled Whether anything is limited.
 * @param store Where permits are counted, unless there is a store bean of the
 * application's own.
 * @param failureMode What becomes of a request when the store cannot answer, unless its
 * policy says otherwise.
 * @param keySecret Secret by which session ids, header fields and cookies are hashed
 * before they are used as keys. The same in all instances that share a store.
 * @param defaults What applies to every policy that does not say otherwise.
 * @param policies Policies by name. A policy can be just its limits.
 * @param http Header fields of responses, and how addresses of clients are known.
 * @param caffeine In-process store.
 * @param redis Store in Redis.
 * @param method Limits on annotated methods.
 * @param events Events that are published when a request or call is refused.
 * @param log Log of refusals.
 */
@ConfigurationProperties(prefix = "ratelimit", ignoreUnknownFields = false)
public record RateLimitProperties(@DefaultValue("true") boolean enabled, @DefaultValue("caffeine") Store store,
		@DefaultValue("allow") FailureMode failureMode, @Nullable String keySecret,
		@DefaultValue PolicyProperties defaults, @DefaultValue Map<String, PolicyProperties> policies,
		@DefaultValue Http http, @DefaultValue Caffeine caffeine, @DefaultValue Redis redis,
		@DefaultValue Method method, @DefaultValue Events events, @DefaultValue Log log) {

	/**
	 * Where permits are counted.
	 */
	public enum Store {

		/** In this process. */
		CAFFEINE,

		/** In Redis, for applications that run on many machines. */
		REDIS

	}

	/**
	 * A policy.
	 *
	 * @param limits Limits that must all allow, each as permits per window.
	 * @param paths Path patterns of the requests to limit. Without any, only annotations
	 * use the policy.
	 * @param except Path patterns of requests that are exempt.
	 * @param methods HTTP methods of the requests to limit; GET includes HEAD. Without
	 * any, all but CORS preflight requests.
	 * @param key Who is being counted.
	 * @param missingKey What becomes of a request that does not have the key.
	 * @param cost Permits that a request takes: a number, or an expression over the
	 * request.
	 * @param mode What becomes of the policy's decisions.
	 * @param failureMode What becomes of a request when the store cannot answer.
	 */
	public record PolicyProperties(@Nullable List<LimitProperties> limits, @Nullable List<String> paths,
			@Nullable List<String> except, @Nullable List<String> methods, @Nullable String key,
			@Nullable MissingKey missingKey, @Nullable String cost, @Nullable Mode mode,
			@Nullable FailureMode failureMode) {

		PolicyProperties orElse(PolicyProperties other) {
			return new PolicyProperties(first(this.limits, other.limits), first(this.paths, other.paths),
					first(this.except, other.except), first(this.methods, other.methods), first(this.key, other.key),
					first(this.missingKey, other.missingKey), first(this.cost, other.cost),
					first(this.mode, other.mode), first(this.failureMode, other.failureMode));
		}

		private static <T> @Nullable T first(@Nullable T value, @Nullable T other) {
			return (value != null) ? value : other;
		}

	}

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
	 * @param filterOrder Order of the servlet filter before Spring Security. By default
	 * right before it.
	 * @param principalFilterOrder Order of the servlet filter for policies whose key
	 * needs a principal. By default right behind Spring Security; to be set where
	 * something else authenticates.
	 * @param foldPrincipals Whether names of principals that differ in case, width or
	 * blanks around them are one key.
	 * @param waiting How requests wait that a leaky bucket delays.
	 * @param waitingThreads Most threads that wait at a time. By default half of those
	 * that the server has.
	 */
	public record Http(@DefaultValue("draft") HeaderStyle headers, @DefaultValue("epoch") HeaderStyle.XReset xReset,
			@DefaultValue("false") boolean shadowHeaders, @DefaultValue("429") int status,
			@DefaultValue List<String> trustedProxies,
			@DefaultValue("x-forwarded-for") ForwardingHeader forwardedHeader, @DefaultValue("64") int ipv6Prefix,
			@Nullable Integer filterOrder, @Nullable Integer principalFilterOrder,
			@DefaultValue("false") boolean foldPrincipals, @DefaultValue("thread") Wait waiting,
			@Nullable Integer waitingThreads) {

	}

	/**
	 * How delayed requests wait.
	 */
	public enum Wait {

		/** With their thread, in the filter. */
		THREAD,

		/**
		 * Without a thread, by an asynchronous dispatch that every filter has to support.
		 */
		ASYNC

	}

	/**
	 * Header fields in which proxies say whom they forward for.
	 */
	public enum ForwardingHeader {

		/** The header field X-Forwarded-For. */
		X_FORWARDED_FOR,

		/** The header field Forwarded of RFC 7239. */
		FORWARDED

	}

	/**
	 * In-process store.
	 *
	 * @param maximumKeys Most keys that each policy keeps.
	 */
	public record Caffeine(@DefaultValue("100000") long maximumKeys) {

	}

	/**
	 * Store in Redis.
	 *
	 * @param keyPrefix What every key in Redis begins with.
	 * @param timeout Longest time that a decision waits for Redis.
	 * @param lease Most permits of a key in heavy use that are taken in one call and
	 * spent without one. No leases if 0.
	 */
	public record Redis(@DefaultValue("ratelimit:") String keyPrefix, @DefaultValue("50ms") Duration timeout,
			@DefaultValue("0") long lease) {

	}

	/**
	 * Limits on annotated methods.
	 *
	 * @param order Order of the advice. By default outside transactions and caching.
	 */
	public record Method(@Nullable Integer order) {

	}

	/**
	 * Events that are published when a request or call is refused.
	 *
	 * @param perSecond Most events a second for each policy. No events if 0.
	 * @param keys Whether an event says who was refused.
	 */
	public record Events(@DefaultValue("10") int perSecond, @DefaultValue("false") boolean keys) {

	}

	/**
	 * Log of refusals.
	 *
	 * @param refusals Whether each refusal is written to the logger ratelimit.refusals.
	 * @param keys Whether a line says who was refused.
	 */
	public record Log(@DefaultValue("false") boolean refusals, @DefaultValue("false") boolean keys) {

	}

}
