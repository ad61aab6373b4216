package io.ratelimit.spring.observe;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The configuration of events and log lines about refusals.
 *
 * @param events Events that are published when a request or call is refused.
 * @param log Log of refusals.
 */
@ConfigurationProperties("ratelimit")
record NoticeProperties(@DefaultValue Events events, @DefaultValue Log log) {

	/**
	 * Events that are published when a request or call is refused.
	 *
	 * @param perSecond Most events a second for each policy. No events if 0.
	 * @param keys Whether an event carries the refused key.
	 */
	record Events(@DefaultValue("10") int perSecond, @DefaultValue("false") boolean keys) {
	}

	/**
	 * Log of refusals.
	 *
	 * @param refusals Whether each refusal is written to the logger ratelimit.refusals.
	 * @param keys Whether lines carry keys, those of the logger ratelimit.decisions too.
	 */
	record Log(@DefaultValue("false") boolean refusals, @DefaultValue("false") boolean keys) {
	}

}
