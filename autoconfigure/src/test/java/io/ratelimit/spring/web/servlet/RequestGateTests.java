package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.request.GivenRules;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;
import io.ratelimit.spring.request.RequestRules;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a request that has to wait and does not.
 */
class RequestGateTests {

	private final RateLimits registry = RateLimits.builder(CaffeineRateLimitStore.builder().ticker(() -> 0).build())
		.build();

	private final RequestRules rules;

	private final Function<LimitedRequest, String> addresses = GivenRules.addresses();

	private final RateLimitHeaders headers = (response, decisions) -> {
	};

	private final Refusals refusals = new Refusals(this.addresses, this.headers, RefusalHandler.problemDetails(),
			new CrossOrigin(List.of()), (decisions) -> Refusal.of(decisions, 429));

	RequestGateTests() {
		this.registry.register(Policy.of("even", LeakyBucket.of(1, Duration.ofHours(1), Duration.ofHours(9))));
		this.registry.register(Policy.of("api", Limit.of(9, Duration.ofHours(1))));
		this.rules = GivenRules.of(this.registry, Guard.of("/**"), new Preflights((request) -> true));
	}

	@Test
	void aWaitThatIsInterruptedIsARefusalThatGivesBack() throws IOException {
		RequestGate gate = gate(Waiting.withThreads(1));
		assertThat(status(gate)).isEqualTo(200);
		for (int i = 0; i < 3; i++) {
			Thread.currentThread().interrupt();
			assertThat(status(gate)).isEqualTo(429);
			assertThat(Thread.interrupted()).isTrue();
			assertThat(left("api")).isEqualTo(8);
		}
	}

	@Test
	void aRequestForWhichNoThreadIsLeftIsRefusedAndTakesNothing() throws IOException {
		Waiting waiting = Waiting.withThreads(1);
		RequestGate gate = gate(waiting);
		assertThat(status(gate)).isEqualTo(200);
		assertThat(waiting.enter()).isTrue();
		assertThat(status(gate)).isEqualTo(429);
		assertThat(status(gate)).isEqualTo(429);
		assertThat(left("api")).isEqualTo(8);
		assertThat(this.registry.limiter("even").peek("127.0.0.1").delayNanos()).as("no turn is lost")
			.isEqualTo(Duration.ofHours(1).toNanos());
	}

	private RequestGate gate(Waiting waiting) {
		return new RequestGate(this.rules, this.registry, this.addresses, this.headers, this.refusals, waiting,
				new DecisionLines((claims, decisions) -> List.of()));
	}

	private static int status(RequestGate gate) throws IOException {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/hello");
		request.setServletPath("/hello");
		MockHttpServletResponse response = new MockHttpServletResponse();
		boolean passed = gate.pass(FilterPlace.BEFORE_SECURITY, request, response) != null;
		assertThat(passed).isEqualTo(response.getStatus() == 200);
		return response.getStatus();
	}

	private long left(String policy) {
		return this.registry.limiter(policy).peek("127.0.0.1").remaining();
	}

}
