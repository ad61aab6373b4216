package io.ratelimit.it.endpoint;

import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that the endpoint does not understand in full: nothing of them is done.
 */
class WrongRequestsTests {

	/** For tests that change nothing. */
	private static Endpoint shared;

	private Endpoint endpoint;

	@BeforeAll
	static void startShared() {
		shared = Endpoint.start(Endpoint.WRITABLE);
	}

	@AfterAll
	static void stopShared() {
		shared.close();
	}

	@AfterEach
	void stop() {
		if (!this.endpoint.equals(shared)) {
			this.endpoint.close();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					POST   | /policies/api               | {"limits":"9/1h","mdoe":"shadow"}   | 'mdoe' is not known here: known are limits, mode
					POST   | /policies/api               | {"limit":"9/1h","mode":"shadow"}    | 'limit' is not known here: known are limits, mode
					POST   | /policies/api               | {"LIMITS":"9/1h","mode":"shadow"}   | 'LIMITS' is not known here: known are limits, mode
					POST   | /policies/api               | {"mode":"shadow","burst":{"a":"b"}} | 'burst' is not known here: known are limits, mode
					POST   | /policies/api               | {"mode":"shadow","key":"alice"}     | 'key' is not known here
					POST   | /policies/api               | {"mode":"shadow","security":"x"}    | 'security' is not known here
					POST   | /policies/api?mdoe=shadow   | {"limits":"9/1h"}                   | 'mdoe' is not known here
					POST   | /policies/api?mode=off      | {"mode":"shadow"}                   | 'mode' is both in the query and in the body
					POST   | /policies/search            | {"policy":"api","mode":"shadow"}    | 'policy' is not known here
					POST   | /policies/search?policy=api | {"mode":"shadow"}                   | 'policy' is not known here
					POST   | /keys/api?resource=policies | {"mode":"shadow"}                   | 'resource' is not known here
					POST   | /policies/api?mode=off&mode=shadow | ``                           | 'mode' is given 2 times
					GET    | ?key=alice                  | ``                                  | 'key' is not known here: nothing is
					GET    | /policies/api?kye=alice     | ``                                  | 'kye' is not known here: known are key, id
					GET    | /policies/api?key=alice     | ``                                  | a key is looked at below keys/api
					GET    | /policies/api?id=abc        | ``                                  | a key is looked at below keys/api
					GET    | /keys/api?kee=alice         | ``                                  | 'kee' is not known here: known are key
					GET    | /keys/api?key=a&key=b       | ``                                  | 'key' is given 2 times
					GET    | /keys/api?id=a&id=b         | ``                                  | 'id' is given 2 times
					DELETE | /keys/api?key=a&key=b       | ``                                  | 'key' is given 2 times
					DELETE | /keys/api?key=a&key=a       | ``                                  | 'key' is given 2 times
					DELETE | /keys/api?id=a&id=b         | ``                                  | 'id' is given 2 times
					DELETE | /policies/api?key=a         | ``                                  | a key is reset below keys/api
					DELETE | /keys/api?key=alice&all=true | ``                                 | 'all' is not known here: known are key, id
					DELETE | /keys/search?policy=api&key=alice | ``                            | 'policy' is not known here
					""")
	void whatIsNotKnownIsRefusedAndNothingIsDone(String method, String path, String body, String reason) {
		this.endpoint = shared;
		this.endpoint.application().bean(RateLimits.class).resetAll();
		List<Policy> before = List.copyOf(this.endpoint.application().bean(RateLimits.class).policies().values());
		this.endpoint.application().statuses(2, "/api/hello", "X-User", "alice");
		requireRefused(send(method, path, body), reason);
		assertThat(this.endpoint.application().bean(RateLimits.class).policies().values())
			.containsExactlyElementsOf(before);
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(429);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"limits":[]}                                 | a list of no limits
			{"limits":["5/1h",["3/1m"]]}                  | 'limits' is neither text nor a list of texts
			{"limits":[{"permits":5,"window":"1h"}]}      | 'limits' is neither text nor a list of texts
			{"limits":{"permits":5,"window":"1h"}}        | 'limits' is neither text nor a list of texts
			{"limits":["fast"]}                           | 'fast' is not a limit
			{"mode":["off"]}                              | 'mode' is not text
			{"mode":{"name":"off"}}                       | 'mode' is not text
			[]                                            | the body is not a JSON object
			["5/1h"]                                      | the body is not a JSON object
			"x"                                           | the body is not a JSON object
			null                                          | the body is not a JSON object
			{limits:                                      | the body is not a JSON object
			{"limits":"5/1h"                              | the body is not a JSON object
			limits=5/1h                                   | the body is not a JSON object
			""")
	void whatIsNoChangeIsRefusedWithTheReason(String body, String reason) {
		this.endpoint = shared;
		Policy before = this.endpoint.policy("api");
		requireRefused(send("POST", "/policies/api", body), reason);
		assertThat(this.endpoint.policy("api")).isEqualTo(before);
	}

	@Test
	void aBodyThatNoChangeCanHaveIsNotReadToItsEnd() {
		this.endpoint = shared;
		String body = "{\"limits\":\"" + "9".repeat(100_000) + "\"}";
		requireRefused(send("POST", "/policies/api", body), "the body has more than 65536 bytes");
	}

	@Test
	void limitsCanBeAList() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		Answer answer = send("POST", "/policies/api", "{\"limits\":[\"5/1h\",\"3/1m\"],\"mode\":\"shadow\"}");
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		assertThat(this.endpoint.policy("api").limits()).containsExactly(Limit.valueOf("5/1h"), Limit.valueOf("3/1m"));
		assertThat(this.endpoint.policy("api").mode()).isEqualTo(Mode.SHADOW);
	}

	@Test
	void limitsCanBeAListOnAPortOfItsOwn() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE, "management.server.port=0",
				"management.server.base-path=/manage");
		Answer changed = this.endpoint.managed("POST", "/manage/actuator/ratelimits/policies/api",
				"{\"limits\":[\"5/1h\",\"3/1m\"]}");
		assertThat(changed.status()).as(changed.body()).isEqualTo(200);
		assertThat(this.endpoint.policy("api").limits()).hasSize(2);
		requireRefused(this.endpoint.managed("POST", "/manage/actuator/ratelimits/policies/api", "[]"),
				"the body is not a JSON object");
		requireRefused(this.endpoint.managed("POST", "/manage/actuator/ratelimits/policies/api", "{\"mdoe\":\"off\"}"),
				"known are limits, mode");
	}

	@Test
	void whatIsNullIsNotGiven() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		assertThat(send("POST", "/policies/api", "{\"limits\":null,\"mode\":\"off\"}").status()).isEqualTo(200);
		assertThat(this.endpoint.policy("api").mode()).isEqualTo(Mode.OFF);
	}

	private Answer send(String method, String path, String body) {
		return this.endpoint.application().send(method, "/actuator/ratelimits" + path, body, Endpoint.JSON);
	}

	private static void requireRefused(Answer answer, String reason) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(400);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains(reason);
	}

}
