package io.ratelimit.it.web;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.ratelimit.it.web.FailedStart.assertStops;

/**
 * What a user reads whose policies cannot work: the property, what is written there, and
 * what to write instead.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolicyMistakeTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void aPropertyThatCannotWorkStopsTheStart(String property, String message, CapturedOutput output) {
		assertStops(FailedStart.Nothing.class, output, message, properties(property));
	}

	static Stream<Arguments> aPropertyThatCannotWorkStopsTheStart() {
		return Stream.of(Arguments.of("limits=100/foo",
				"ratelimit.policies.api.limits = '100/foo'|'100/foo' is not a limit: 'foo' is not a unit of time: ns, us, ms, s, m, h, d and w are"),
				Arguments.of("limits=a lot",
						"ratelimit.policies.api.limits|'a lot' is not a limit: write <permits>/<window>, for example 100/1m"),
				Arguments.of("limits=100", "ratelimit.policies.api.limits|'100' is not a limit"),
				Arguments.of("limits=10/0s",
						"ratelimit.policies.api.limits|'10/0s' is not a limit: a window of 0s: it must be longer than zero"),
				Arguments.of("limits=0/1m",
						"ratelimit.policies.api.limits|a limit of 0 permits: at least 1 and at most 999999999999999 are possible"),
				Arguments.of("limits=10/month",
						"ratelimit.policies.api.limits|a month has no fixed length; write 30d, or '1000/month calendar'"),
				Arguments.of("limits=", "ratelimit.policies.api.limits: policy 'api' has no limits|limits: 100/1m"),
				Arguments.of("limits[0].permits=5", "ratelimit.policies.api.limits[0]: a limit without a window"),
				Arguments.of("limits[0].window=1m", "ratelimit.policies.api.limits[0]: a limit without permits"),
				Arguments.of("limits[0].permits=5,limits[0].window=1m,limits[0].algorithm=leaky-bucket",
						"ratelimit.policies.api.limits[0]: a leaky-bucket without max-wait"),
				Arguments.of("limits[0].permits=5,limits[0].window=1m,limits[0].burst=9",
						"ratelimit.policies.api.limits[0]: a burst belongs to algorithm token-bucket, not to sliding-window|Remove the burst, or write 'algorithm: token-bucket'."),
				Arguments.of("limits[0].permits=5,limits[0].window=1m,limits[0].max-wait=9s",
						"ratelimit.policies.api.limits[0]: a max-wait belongs to algorithm leaky-bucket, not to sliding-window|write 'algorithm: leaky-bucket'."),
				Arguments.of("limits[0].permits=5,limits[0].calendar=day,limits[0].algorithm=token-bucket",
						"ratelimit.policies.api.limits[0]: a calendar belongs to algorithm fixed-window, not to token-bucket|Remove the calendar"),
				Arguments.of("limits[0].permits=5,limits[0].window=1m,limits[0].zone=Europe/Berlin",
						"ratelimit.policies.api.limits[0]: a zone without a calendar|Add 'calendar: day'"),
				Arguments.of("limits[0].permits=5,limits[0].calendar=year",
						"ratelimit.policies.api.limits[0].calendar = 'year'|Write one of: day, week, month."),
				Arguments.of("limits[0].permits=5,limits[0].calendar=day,limits[0].zone=Europe/Atlantis",
						"ratelimit.policies.api.limits[0].zone = 'Europe/Atlantis'|Correct the value."),
				Arguments.of("limits[0].permits=five,limits[0].window=1m",
						"ratelimit.policies.api.limits[0].permits = 'five'|it is not a number"),
				Arguments.of("limits[0].permits=5,limits[0].window=60",
						"ratelimit.policies.api.limits[0].window = '60'|'60' has no unit: write 60s for seconds"),
				Arguments.of("limits[0].permits=5,limits[0].window=-1m",
						"ratelimit.policies.api.limits[0].window = '-1m'|'-1m' is not a time such as 90s, 1m or PT1M30S"),
				Arguments.of("limits[0].permits=5,limits[0].window=4000d",
						"ratelimit.policies.api.limits[0]: a window of 4000d: at most 3660 days are possible"),
				Arguments.of("limits=10/1m,missing-key=reject",
						"ratelimit.policies.api.missing-key = 'reject'|Write one of: ip, skip, deny."),
				Arguments.of("limits=10/1m,failure-mode=open",
						"ratelimit.policies.api.failure-mode = 'open'|Write one of: allow, deny, local."),
				Arguments.of("limits=10/1m,paths=/api,cost=1e",
						"ratelimit.policies.api.cost: '1e' is not an expression"),
				Arguments.of("limits=10/1m,paths=/api,cost=#request.contentLenght",
						"ratelimit.policies.api.cost: '#request.contentLenght' cannot be evaluated: HttpServletRequest has no property 'contentLenght'"),
				Arguments.of("limits=10/1m,paths=/api,key=#request.getHeadr('X')",
						"ratelimit.policies.api.key: '#request.getHeadr('X')' cannot be evaluated: HttpServletRequest has no method 'getHeadr'"),
				Arguments.of("limits=10/1m,paths=/t/{tenant}/**,key=#path.tenant",
						"ratelimit.policies.api.key: '#path.tenant' cannot be evaluated: an entry of a map is written in brackets: ['tenant']"),
				Arguments.of("limits=10/1m,paths=/my%20docs",
						"the pattern '/my%20docs' cannot match: it is matched with the decoded path, in which there is no '%': write a blank for %20|It stands in ratelimit.policies.api.paths = '/my%20docs' ("),
				Arguments.of("limits=10/1m,paths=/a /b/**", "several patterns are separated by commas"),
				Arguments.of("limits=10/1m,paths=http://localhost/a",
						"the pattern 'http://localhost/a' cannot match: it must begin with a slash"),
				Arguments.of("limits=10/1m,paths=/a\u200b", "it has a character that cannot be seen, U+200b"),
				Arguments.of("limits=10/1m,paths=/api/x/**,except=/api/**",
						"ratelimit.policies.api.except: every path of the policy is exempt"),
				Arguments.of("limits=10/1m,cost=2",
						"ratelimit.policies.api.cost: a cost is what a request takes, and the policy has no paths|cost = \"2\""),
				Arguments.of("limits=10/1m,key=header:X-Api-Key or ip",
						"ratelimit.policies.api.key: 'X-Api-Key or ip' cannot be the name of a header"),
				Arguments.of("limits=10/1m,key=cookie:a b;c", "'a b;c' cannot be the name of a cookie"),
				Arguments.of("limits=10/1m,key=global | ip",
						"ratelimit.policies.api.key: 'ip' never counts in 'global"),
				Arguments.of("limits=10/1m,key[0]=ip",
						"ratelimit.policies.api.key[0] = 'ip'|ratelimit.policies.api.key is one value and no list"),
				Arguments.of("limits[1]=10/1m",
						"ratelimit.policies.api.limits[1] = '10/1m'|Number the elements from [0]"),
				Arguments.of("limits=10/1M", "'10/1M' is not a limit: M could be a minute or a month"),
				Arguments.of("limits=10/1y", "'10/1y' is not a limit: a year has no fixed length; write 365d"),
				Arguments.of("limits=10/60", "'10/60' is not a limit: '60' has no unit: write 60s for seconds"),
				Arguments.of("limits.permits=5",
						"ratelimit.policies.api.limits.permits = '5'|write ratelimit.policies.api.limits[0].permits"),
				Arguments.of("limits=10/1m,key=",
						"ratelimit.policies.api.key: the key is empty|in YAML # begins a comment|key: \"#request.method\""),
				Arguments.of("limits[0].permits=5,limits[0].window=1m,limits[0].calendar=day",
						"ratelimit.policies.api.limits[0]: both a window and a calendar"),
				Arguments.of("limits[0].permits=5,limits[0].window=1m,limits[0].algorithm=round-robin",
						"ratelimit.policies.api.limits[0].algorithm = 'round-robin'|no such value is known|Write one of: sliding-window, fixed-window, token-bucket, leaky-bucket."),
				Arguments.of("limits[0].permits=5,limits[0].window=1m,limits[0].name=tenant!",
						"ratelimit.policies.api.limits[0]: 'tenant!' cannot be the name of a limit: it is sent as a header"),
				Arguments.of("limits=10/1m,mode=enforced",
						"ratelimit.policies.api.mode = 'enforced'|Write one of: enforce, shadow, off."),
				Arguments.of("limits=10/1m,key=header",
						"ratelimit.policies.api.key: 'header' is not a key: write ip, subnet, principal, session, header:NAME"),
				Arguments.of("limits=10/1m,key=ip | cookies:a",
						"ratelimit.policies.api.key: 'cookies:a' is not a key in 'ip | cookies:a'"),
				Arguments.of("limits=10/1m,key=@nobody",
						"ratelimit.policies.api.key: there is no KeyResolver bean 'nobody': those there are: []"),
				Arguments.of("limits=10/1m,key=#request.(",
						"ratelimit.policies.api.key: '#request.(' is not an expression"),
				Arguments.of("limits=10/1m,key=#nobody.name",
						"ratelimit.policies.api.key: '#nobody.name'|#nobody|request"),
				Arguments.of("limits=10/1m,key=principal",
						"ratelimit.policies.api.key: the key 'principal' needs a principal, and nothing here authenticates anybody|Add Spring Security|ratelimit.http.principal-filter-order"),
				Arguments.of("limits=10/1m,key=jwt:sub", "ratelimit.policies.api.key|jwt:sub|Spring Security"),
				Arguments.of("limits=10/1m,paths=/t/{tenantId}/**,key=PATH:tenant",
						"ratelimit.policies.api.key: 'PATH:tenant' names a variable that no path of the policy has"),
				Arguments.of("limits=10/1m,paths=/t/**,key=path:tenant",
						"ratelimit.policies.api.key: 'path:tenant' names a variable that no path of the policy has"),
				Arguments.of("limits=10/1m,paths=/api,cost=11",
						"ratelimit.policies.api.cost: a cost of 11 can never be granted: the limits allow at most 10 at once"),
				Arguments.of("limits=10/1m,paths=/api,cost=0",
						"ratelimit.policies.api.cost: a cost of 0: it must be at least 1"),
				Arguments.of("limits=10/1m,paths=/api,cost=#request.",
						"ratelimit.policies.api.cost: '#request.' is not an expression"),
				Arguments.of("limits=10/1m,paths=api/**",
						"ratelimit.policies.api.paths: the pattern 'api/**' cannot match: it must begin with a slash: '/api/**'"),
				Arguments.of("limits=10/1m,paths=//api",
						"ratelimit.policies.api.paths: the pattern '//api' cannot match"),
				Arguments.of("limits=10/1m,paths=/api/",
						"ratelimit.policies.api.paths: the pattern '/api/' cannot match|'/api/**'"),
				Arguments.of("limits=10/1m,paths=/api?x=1",
						"ratelimit.policies.api.paths: the pattern '/api?x=1' cannot match: a query string"),
				Arguments.of("limits=10/1m,paths=/a%20b",
						"ratelimit.policies.api.paths: the pattern '/a%20b' cannot match"),
				Arguments.of("limits=10/1m,paths=/{a:(b)+}",
						"ratelimit.policies.api.paths: the pattern '/{a:(b)+}' cannot match|write (?:…) instead of (…)"),
				Arguments.of("limits=10/1m,paths=/a/***",
						"ratelimit.policies.api.paths: the pattern '/a/***' cannot match: write * for one segment"),
				Arguments.of("limits=10/1m,paths=/{a", "ratelimit.policies.api.paths: the pattern '/{a' cannot match"),
				Arguments.of("limits=10/1m,paths=/api/**,except=/api/**",
						"ratelimit.policies.api.except: every path of the policy is exempt"),
				Arguments.of("limits=10/1m,methods=GET", "ratelimit.policies.api.methods: the policy has no paths"),
				Arguments.of("limits=10/1m,paths=/api,methods=FETCH",
						"ratelimit.policies.api.methods: 'FETCH' is not an HTTP method"),
				Arguments.of("limits=10/1m,limit=5/1m",
						"ratelimit.policies.api.limit = '5/1m'|there is no such property|Did you mean ratelimit.policies.api.limits?|Known there are limits, paths, except, methods"));
	}

	@Test
	void policiesThatWouldShareAHeaderNameStopTheStart(CapturedOutput output) {
		assertStops(FailedStart.Nothing.class, output,
				"ratelimit.policies.api-1s: limits of policies 'api' and 'api-1s' are both called 'api-1s' in header fields|Rename one of the policies",
				"ratelimit.policies.api.limits=1/1s, 1/1m", "ratelimit.policies.api-1s.limits=1/1s");
	}

	@Test
	void limitsOfAPolicyThatWouldShareAHeaderNameStopTheStart(CapturedOutput output) {
		assertStops(FailedStart.Nothing.class, output,
				"ratelimit.policies.api: two limits of policy 'api' are both called 'api-1s': give one of them a name of its own",
				"ratelimit.policies.api.limits=1/1s, 2/1s");
	}

	private static String[] properties(String properties) {
		return Stream.of(properties.split(",(?=[a-z-]+(?:\\[\\d\\](?:\\.[a-z-]+)?)?=)"))
			.map((property) -> "ratelimit.policies.api." + property)
			.toArray(String[]::new);
	}

}
