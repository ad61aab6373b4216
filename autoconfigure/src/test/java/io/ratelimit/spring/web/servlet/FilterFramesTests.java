package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.request.GivenRules;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How deep the stack is between the filter and the store, whose frames stand in every
 * trace and profile of an application.
 */
class FilterFramesTests {

	private final List<String> frames = new ArrayList<>();

	private final RateLimits registry = RateLimits.builder(new ProbedStore()).build();

	@Test
	void fiveFramesLeadFromTheFilterToTheStore() throws Exception {
		this.registry.register(Policy.of("api", Limit.valueOf("9/1h")));
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/hello");
		request.setServletPath("/hello");
		MockFilterChain chain = new MockFilterChain();
		filter().doFilter(request, new MockHttpServletResponse(), chain);
		assertThat(chain.getRequest()).isSameAs(request);
		assertThat(this.frames).containsExactly("tryAcquire", "take", "admit", "take", "pass");
	}

	private RateLimitFilter filter() {
		Refusals refusals = new Refusals(GivenRules.addresses(), (response, decisions) -> {
		}, RefusalHandler.problemDetails(), new CrossOrigin(List.of()), (decisions) -> Refusal.of(decisions, 429));
		RequestGate gate = new RequestGate(
				GivenRules.of(this.registry, Guard.of("/**"), new Preflights((request) -> true)), this.registry,
				GivenRules.addresses(), (response, decisions) -> {
				}, refusals, Waiting.withThreads(1), new DecisionLines((claims, decisions) -> List.of()));
		return new RateLimitFilter(FilterPlace.BEFORE_SECURITY, gate, refusals);
	}

	/**
	 * Notes the frames that lead to it.
	 */
	private final class ProbedStore implements RateLimitStore {

		@Override
		public BoundPolicy bind(Policy policy) {
			return new ProbedPolicy(policy);
		}

		@Override
		public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			// holds nothing
		}

	}

	private final class ProbedPolicy implements BoundPolicy {

		private final Policy policy;

		private ProbedPolicy(Policy policy) {
			this.policy = policy;
		}

		@Override
		public Policy policy() {
			return this.policy;
		}

		@Override
		public Decision tryAcquire(String key, long permits) {
			FilterFramesTests.this.frames.addAll(StackWalker.getInstance()
				.walk((frames) -> frames.takeWhile((frame) -> !frame.getMethodName().equals("doFilter"))
					.map(StackWalker.StackFrame::getMethodName)
					.toList()));
			return Decision.allowed(this.policy, this.policy.limits().get(0), 8, 0, 1);
		}

		@Override
		public Decision peek(String key) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void reset(String key) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void resetAll() {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletionStage<?> giveBack(String key, long permits, Decision granted) {
			return CompletableFuture.completedStage(null);
		}

		@Override
		public void replace(Policy policy) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			// holds nothing
		}

	}

}
