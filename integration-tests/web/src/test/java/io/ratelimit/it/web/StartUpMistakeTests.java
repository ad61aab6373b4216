package io.ratelimit.it.web;

import java.util.stream.Stream;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a user reads whose configuration or annotation cannot work: the property or the
 * method, what is written there, and what to write instead.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartUpMistakeTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void aPropertyThatCannotWorkStopsTheStart(String property, String message, CapturedOutput output) {
		assertStops(Nothing.class, output, message, properties(property));
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
						"ratelimit.policies.api.key: 'header' is not a key: write ip, principal, session, header:NAME"),
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

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void aSettingThatCannotWorkStopsTheStart(String property, String message, CapturedOutput output) {
		assertStops(Nothing.class, output, message, property);
	}

	static Stream<Arguments> aSettingThatCannotWorkStopsTheStart() {
		return Stream.of(
				Arguments.of(
						"ratelimit.policies.aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggggg=1/1m",
						"cannot be the name of a policy: it has 67 characters, and at most 64 are possible"),
				Arguments.of("ratelimit.policies..limits=1/1m",
						"ratelimit.policies.limits = '1/1m'|the policy has no name|Write its name before it, as in ratelimit.policies.api.limits"),
				Arguments.of("ratelimit.policies.paths=/api/**",
						"ratelimit.policies.paths = '/api/**'|the policy has no name"),
				Arguments.of("ratelimit.policies.my.api.limits=1/1m",
						"ratelimit.policies.my.api.limits = '1/1m'|ratelimit.policies[my.api].limits, in YAML \"[my.api]\""),
				Arguments.of("ratelimit.policies[0].name=api", "ratelimit.policies[0].name = 'api'|Policies are a map"),
				Arguments.of("ratelimit.policies[my.api].key=nobody",
						"ratelimit.policies[my.api].limits: policy 'my.api' has no limits"),
				Arguments.of("ratelimit.http.forwarded-header=x-real-ip",
						"ratelimit.http.forwarded-header = 'x-real-ip'|Write one of: x-forwarded-for, forwarded."),
				Arguments.of("ratelimit.http.x-reset=seconds",
						"ratelimit.http.x-reset = 'seconds'|Write one of: epoch, delta."),
				Arguments.of("ratelimit.method.order=first", "'first'|ratelimit.method.order"),
				Arguments.of("ratelimit.events.per-second=-1",
						"ratelimit.events.per-second: |Set it to 0 for no events"),
				Arguments.of("ratelimit.http.trusted.proxies=10.0.0.0/8",
						"ratelimit.http.trusted.proxies = '10.0.0.0/8'|Did you mean ratelimit.http.trusted-proxies?"),
				Arguments.of("ratelimit.redis.timeout=50",
						"ratelimit.redis.timeout = '50'|'50' has no unit: write 50s"),
				Arguments.of("ratelimit.enabled=maybe", "ratelimit.enabled = 'maybe'|Write true or false."),
				Arguments.of("ratelimit.http.status=many", "ratelimit.http.status = 'many'|it is not a number"),
				Arguments.of("ratelimit.http=none",
						"ratelimit.http = 'none'|Below ratelimit.http there can be headers"),
				Arguments.of("ratelimit.policies[cheese!].limits=10/1m",
						"ratelimit.policies.cheese!: 'cheese!' cannot be the name of a policy: it is sent as a header, so use letters and digits of ASCII"),
				Arguments.of("ratelimit.policies.api=fast", "ratelimit.policies.api = 'fast'|'fast' is not a limit"),
				Arguments.of("ratelimit.polices.api.limits=10/1m",
						"ratelimit.polices.api.limits = '10/1m'|there is no such property|Did you mean ratelimit.policies.api.limits?"),
				Arguments.of("ratelimit.http.header=none",
						"ratelimit.http.header = 'none'|there is no such property|Did you mean ratelimit.http.headers?"),
				Arguments.of("ratelimit.http.headers=ietf",
						"ratelimit.http.headers = 'ietf'|Write one of: draft, draft-06, x-ratelimit, none."),
				Arguments.of("ratelimit.http.status=200", "ratelimit.http.status: 200 is no status of an error"),
				Arguments.of("ratelimit.http.trusted-proxies=10.0.0.0/33",
						"ratelimit.http.trusted-proxies: '10.0.0.0/33' is not a range of addresses"),
				Arguments.of("ratelimit.http.trusted-proxies=proxy.local",
						"ratelimit.http.trusted-proxies: 'proxy.local' is not a range of addresses"),
				Arguments.of("ratelimit.key-secret=short",
						"ratelimit.key-secret: a secret of 5 characters can be guessed|at least 16 characters"),
				Arguments.of("ratelimit.http.waiting-threads=0",
						"ratelimit.http.waiting-threads: 0 threads could not wait"),
				Arguments.of("ratelimit.http.waiting=never",
						"ratelimit.http.waiting = 'never'|Write one of: thread, async."),
				Arguments.of("ratelimit.http.ipv6-prefix=0", "ratelimit.http.ipv6-prefix: a prefix of 0 bits"),
				Arguments.of("ratelimit.caffeine.maximum-keys=0",
						"ratelimit.caffeine.maximum-keys: a maximum of 0 keys would keep nothing"),
				Arguments.of("ratelimit.store=memcached",
						"ratelimit.store = 'memcached'|Write one of: caffeine, redis."),
				Arguments.of("ratelimit.store=redis",
						"ratelimit.store: 'redis' takes the store in Redis, which is not on the class path|io.ratelimit:ratelimit-redis|spring-boot-starter-data-redis"),
				Arguments.of("ratelimit.failure-mode=panic",
						"ratelimit.failure-mode = 'panic'|Write one of: allow, deny, local."),
				Arguments.of("ratelimit.defaults.key=nobody", "ratelimit.policies.p.key: 'nobody' is not a key"));
	}

	@Test
	void policiesThatWouldShareAHeaderNameStopTheStart(CapturedOutput output) {
		assertStops(Nothing.class, output,
				"ratelimit.policies.api-1s: limits of policies 'api' and 'api-1s' are both called 'api-1s' in header fields|Rename one of the policies",
				"ratelimit.policies.api.limits=1/1s, 1/1m", "ratelimit.policies.api-1s.limits=1/1s");
	}

	@Test
	void limitsOfAPolicyThatWouldShareAHeaderNameStopTheStart(CapturedOutput output) {
		assertStops(Nothing.class, output,
				"ratelimit.policies.api: two limits of policy 'api' are both called 'api-1s': give one of them a name of its own",
				"ratelimit.policies.api.limits=1/1s, 2/1s");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void anAnnotationThatCannotWorkStopsTheStart(Class<?> bean, String message, CapturedOutput output) {
		assertStops(bean, output, message, "ratelimit.policies.exports.limits=10/1m");
	}

	static Stream<Arguments> anAnnotationThatCannotWorkStopsTheStart() {
		return Stream.of(
				Arguments.of(UnknownPolicy.class,
						"UnknownPolicy.export()|there is no policy 'export': known are [exports, p]"),
				Arguments.of(LimitAsPolicy.class,
						"LimitAsPolicy.export()|@RateLimited(\"5/1m\")|Write it as limits = \"5/1m\", since a value alone names a policy."),
				Arguments.of(UnknownMember.class,
						"UnknownMember.export(String)|'#user.nam' cannot be evaluated: String has no property 'nam'"),
				Arguments.of(UnknownParameter.class, "UnknownParameter.export(String)|#usr|user"),
				Arguments.of(BadExpression.class, "BadExpression.export(String)|'#user.('"),
				Arguments.of(BadLimit.class, "BadLimit.export()|'often' is not a limit"),
				Arguments.of(UnknownPlaceholder.class, "UnknownPlaceholder.export()|${missing.limit}"),
				Arguments.of(PrincipalKey.class,
						"PrincipalKey.export()|needs a principal, and nothing here authenticates anybody"),
				Arguments.of(TooExpensive.class, "TooExpensive.export()|at most 10"),
				Arguments.of(FinalMethod.class, "FinalMethod.export()|a final method cannot be limited"),
				Arguments.of(PrivateMethod.class, "PrivateMethod.export()|a private method cannot be limited"),
				Arguments.of(StaticMethod.class, "StaticMethod.export()|a static method cannot be limited"),
				Arguments.of(FinalClass.class, "FinalClass|a final class"));
	}

	private static void assertStops(Class<?> configuration, CapturedOutput output, String message,
			String... properties) {
		String[] all = Stream.concat(Stream.of("ratelimit.policies.p.limits=1/1s"), Stream.of(properties))
			.toArray(String[]::new);
		assertThatThrownBy(() -> Application.start(configuration, all).close()).isNotNull();
		assertThat(output.getOut()).contains("APPLICATION FAILED TO START", "Description:", "Action:");
		assertThat(output.getOut().substring(output.getOut().indexOf("Description:"))).contains(message.split("\\|"))
			.doesNotContain("\tat ");
	}

	private static String[] properties(String properties) {
		return Stream.of(properties.split(",(?=[a-z-]+(?:\\[\\d\\](?:\\.[a-z-]+)?)?=)"))
			.map((property) -> "ratelimit.policies.api." + property)
			.toArray(String[]::new);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Nothing {

	}

	@Component
	@Import(Nothing.class)
	static class UnknownPolicy {

		@RateLimited("export")
		void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class LimitAsPolicy {

		@RateLimited("5/1m")
		void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class UnknownMember {

		@RateLimited(policy = "exports", key = "#user.nam")
		void export(String user) {
		}

	}

	@Component
	@Import(Nothing.class)
	static class UnknownParameter {

		@RateLimited(policy = "exports", key = "#usr")
		void export(String user) {
		}

	}

	@Component
	@Import(Nothing.class)
	static class BadExpression {

		@RateLimited(policy = "exports", key = "#user.(")
		void export(String user) {
		}

	}

	@Component
	@Import(Nothing.class)
	static class BadLimit {

		@RateLimited(limits = "often")
		void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class UnknownPlaceholder {

		@RateLimited(limits = "${missing.limit}")
		void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class PrincipalKey {

		@RateLimited(policy = "exports", key = "principal")
		void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class TooExpensive {

		@RateLimited(policy = "exports", cost = "11")
		void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class FinalMethod {

		@RateLimited("exports")
		final void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class PrivateMethod {

		@RateLimited("exports")
		@SuppressWarnings("unused")
		private void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static class StaticMethod {

		@RateLimited("exports")
		static void export() {
		}

	}

	@Component
	@Import(Nothing.class)
	static final class FinalClass {

		@RateLimited("exports")
		void export() {
		}

	}

}
