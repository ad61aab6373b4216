package io.ratelimit.it.web;

import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.ratelimit.it.web.FailedStart.assertStops;

/**
 * What a user reads whose settings cannot work: the property, what is written there, and
 * what to write instead.
 */
@ExtendWith(OutputCaptureExtension.class)
class SettingMistakeTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void aSettingThatCannotWorkStopsTheStart(String property, String message, CapturedOutput output) {
		assertStops(FailedStart.Nothing.class, output, message, property);
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
				Arguments.of("ratelimit.http.ipv4-subnet=33", "ratelimit.http.ipv4-subnet: a subnet of 33 bits"),
				Arguments.of("ratelimit.http.ipv6-subnet=65",
						"ratelimit.http.ipv6-subnet: a subnet of 65 bits, where a client has 64 (ratelimit.http.ipv6-prefix)"),
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

}
